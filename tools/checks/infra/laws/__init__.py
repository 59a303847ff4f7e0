"""What holds for everything that is deployed, whichever way: each law yields a sentence for what breaks it."""
