# The operator as one file on Node 24. It needs no shell, no package and no place to write; it runs as nobody's user.
#   npm run bundle && docker build -t REGISTRY/octopool:0.1.0 .
# RUNTIME_IMAGE may name any image whose `node` on the PATH is Node 24.
ARG RUNTIME_IMAGE=node:24-slim
FROM ${RUNTIME_IMAGE}
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="octopool" \
      org.opencontainers.image.description="Many Kubernetes Services on one active-standby Octavia load balancer" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --chmod=0444 dist/octopool.mjs /opt/octopool/octopool.mjs
ENV NODE_ENV=production
WORKDIR /opt/octopool
EXPOSE 8080
# numeric, so that a kubelet sees that it is not root
USER 65532:65532
# DEP0040: a package of a package uses `punycode`; the warning would be the one line of the log that is no JSON
ENTRYPOINT ["node", "--disable-warning=DEP0040", "/opt/octopool/octopool.mjs"]
