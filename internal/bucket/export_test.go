package bucket

// Passes is passes, for tests.
var Passes = passes
