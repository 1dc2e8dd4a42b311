import sys
from octavia.common import service
from octlab import native_threads

_orig = service.prepare_service


def prepare_service(argv=None):
    native_threads.keep()
    _orig(argv)
    from octlab import patches

    patches.apply()


service.prepare_service = prepare_service
from octavia.cmd.octavia_worker import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
