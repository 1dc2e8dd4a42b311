import sys
from octavia.cmd.health_manager import main
from octlab import native_threads

if __name__ == "__main__":
    native_threads.keep()
    sys.exit(main())
