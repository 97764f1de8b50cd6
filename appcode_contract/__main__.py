"""``python -m appcode_contract`` is the command ``appcode-contract``."""

from appcode_contract.cli import main

if __name__ == "__main__":
    main()
