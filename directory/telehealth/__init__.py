"""Care by video or telephone, as another way on: when it is offered, and what is said of it. Nothing is sent there."""
