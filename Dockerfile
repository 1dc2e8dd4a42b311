# The operator as one file on a Node 24 runtime, without a shell's help: nonroot, read-only root.
# `npm run bundle` makes dist/ first. RUNTIME_IMAGE may name any image with Node 24 at `node`; smaller ones are named in the docs.
ARG RUNTIME_IMAGE=node:24-slim
FROM ${RUNTIME_IMAGE}
COPY dist/octopool.mjs /opt/octopool/octopool.mjs
USER 65532:65532
ENV NODE_ENV=production
ENTRYPOINT ["node", "/opt/octopool/octopool.mjs"]
