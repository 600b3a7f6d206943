// Package parts runs the optional parts of an installation that look into pictures and listen
// to sounds: text recognition, unsafe pictures and voices, by models that `make parts` installs.
//
// It stands apart because the models' runtime is not Go and what decodes a stranger's
// picture may break: both live in child processes that have little memory and time, no
// environment, no files to write and, where the system allows it, no network.
//
// Invariant: whatever a picture does to a child — crash, hang, nonsense, all its memory —
// the caller gets an error within its time, and the next picture is looked at.
package parts
