// Package loam holds the nouns of Loam, the generative-AI layer of a content
// community: what a work, a version, a verdict, a label and a release are, which
// steps lead from one to the next, and the kinds of error every part speaks.
//
// It imports the standard library only and does no input or output, so that every
// other package may depend on it and it may depend on none. Reading this package
// alone should explain the product: an account writes a work's draft; submitting
// freezes a version; screening gives it a verdict, labelling its marks, a person her
// confirmation of exactly the bytes that go out; all three together are a release.
package loam
