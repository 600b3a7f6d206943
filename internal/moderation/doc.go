// Package moderation speaks the shapes of moderation services that communities already call:
// OpenAI's, Aliyun's, Tencent Cloud's and Perspective's. A request becomes texts to screen, a
// Verdict becomes their answer, so that a community changes an address and keeps its code.
//
// It stands apart because it is only shapes: no route, key or detector is known here.
//
// Invariant: allow is their pass, limit their low risk, review their medium, block their high;
// a risk that a service has no word for is never passed off as another.
package moderation
