class HscError(Exception):
    """A file that cannot be decoded; `code` is one of those of src/core/errors.ts."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code
