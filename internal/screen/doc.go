// Package screen judges a version before anybody sees it: detectors look, each at one
// thing, and the policy in force decides from what they found.
//
// It stands apart because the same screening serves a submitted note, a text on the
// command line and a model's words on their way to a person. Lists and policy are replaced
// as one value while it runs; a screening under way keeps what it started with.
//
// Invariant: a detector that fails, panics or has no time left is named in the Verdict's
// Missing, and the policy says what that means; nothing passes because nobody looked.
package screen
