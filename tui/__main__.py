"""`python -m tui`, and what the command `failover-monitor` calls.

Ctrl+C before the command line is loaded ends the process as the signal ends any other. What
Python does of itself, a traceback out of the middle of an import, helps nobody, and while
the interpreter itself starts it even ends with 1, a code that means a failed session. So
this comes before anything else, and nothing is imported before it.
"""

try:
    import signal
    import sys

    # Ignored from outside (nohup, a shell's background job) it stays so.
    _TAKEN = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if _TAKEN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    from tui.cli import main as run
except KeyboardInterrupt:
    raise SystemExit(130) from None


def main() -> int:
    """Run the command line; the exit code. Ctrl+C is heard as an exception meanwhile."""
    if not _TAKEN:
        return run()
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            return run()
        finally:
            # While the interpreter ends there is nobody left who would catch it.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
