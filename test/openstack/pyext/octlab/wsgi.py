"""octavia-api WSGI entry. OCTLAB_APPCRED_ACL=1: read the caller's Barbican ACL with the caller's token as is, instead of
re-authenticating with it (Keystone with the CVE-2026-80182 fix refuses that for application-credential tokens)."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
if os.environ.get("OCTLAB_APPCRED_ACL") == "1":
    from octavia.certificates.common.auth import barbican_acl as b

    def user_auth(cls, context):
        from keystoneauth1 import token_endpoint

        ep = os.environ.get("OCTLAB_BARBICAN", "http://127.0.0.1:9311")
        s = b.session.Session(auth=token_endpoint.Token(ep, context.auth_token))
        return b.barbican_client.Client(session=s, endpoint=ep)

    b.BarbicanACLAuth.get_barbican_client_user_auth = classmethod(user_auth)
if os.environ.get("OCTLAB_FAST", "1") == "1":
    from octlab import patches

    patches.fast_api()
from octavia.api.app import setup_app  # noqa: E402
from octlab import native_threads  # noqa: E402

native_threads.keep()
application = setup_app(argv=["octavia-wsgi"])
