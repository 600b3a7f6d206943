// Package studio is where a note is made: the works of signed-in people, the offline writer
// that arranges their words, the origins of every character, checks and repairs.
//
// It stands apart from screening and labels because it judges nothing: it shows a person
// her own material in good order, and keeps the account of who wrote what that the stages
// after it rest on.
//
// Invariant: what Arrange gives is her words, the closed scaffold of scaffold.go, or marked
// as added; the same Input gives the same Arranged; Retrace never makes a model's text hers.
// docs/draft.md explains the writer.
package studio
