package studio

import "loam"

// Arrange makes a draft of an input. It is Invalid, "idea.empty", if the input holds no
// letter and no digit.
func Arrange(in Input) (Arranged, error) { return Arranged{}, loam.Fail(loam.Invalid, "idea.empty") }

// Runs gives a draft's runs of parts.
func Runs(parts []Part) []loam.Run { return nil }
