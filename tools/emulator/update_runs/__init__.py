"""Update runs at work: stages in turn, groups in parallel, members by concurrency, clusters that really change."""
