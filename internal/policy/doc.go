// Package policy turns what detectors saw into what happens: a policy is a text that people
// read and argue about, its rules are CEL expressions checked for types when the text is
// read, and judging is a function of the findings and the policy alone.
//
// It stands apart, pure, so that the same engine judges live, in a test and over last
// month's notes. Expressions cannot loop, and each has a cost limit.
//
// Invariant: the strongest rule that fires decides; a rule that fails or costs too much
// counts as review, and a detector that did not answer as what the policy says of missing
// ones: neither ever passes silently.
package policy
