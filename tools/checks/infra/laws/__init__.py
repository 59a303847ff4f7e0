"""What holds for every way of deploying: each law yields a sentence for what breaks it."""
