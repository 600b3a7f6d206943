package studio

// The levels of a Check.
const (
	LevelFix  = "fix"  // it cannot be confirmed so
	LevelLook = "look" // worth a look
)

// Fixes counts the checks that must be mended.
func Fixes(checks []Check) int {
	n := 0
	for _, c := range checks {
		if c.Level == LevelFix {
			n++
		}
	}
	return n
}
