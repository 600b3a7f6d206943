package media

import (
	"strings"

	"loam"
)

// codeLength is that of a service provider code (TC260-PG-20252A).
const codeLength = 27

// The unified social credit code's alphabet and weights (GB 32100-2015).
const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

var creditWeights = [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}

// looksLikeCode tells a code, perhaps a damaged one, from a name.
func looksLikeCode(s string) bool { return strings.HasPrefix(s, "00") && len(s) > 15 }

// CheckCode checks a 27-character provider code: `00`, subject type 1 and number type 1
// (an organisation by its credit code, with its check digit), service type 1 or 2, or 0
// with no extension, and four digits or capitals. Anything else is Invalid,
// "producer.code". Subjects of other types are accepted unchecked.
func CheckCode(s string) error {
	bad := loam.Fail(loam.Invalid, "producer.code", s[:min(len(s), 40)])
	if len(s) != codeLength || s[:2] != "00" {
		return bad
	}
	for _, r := range s {
		if (r < '0' || r > '9') && (r < 'A' || r > 'Z') {
			return bad
		}
	}
	if service := s[22]; service != '1' && service != '2' && s[22:] != "00000" {
		return bad
	}
	if s[2:4] == "11" && !creditCode(s[4:22]) {
		return bad
	}
	return nil
}

// TestRegion reports whether a code's credit code is of region 000000, which no register
// gives out: codes for tests and demonstrations.
func TestRegion(code string) bool { return len(code) == codeLength && code[6:12] == "000000" }

// creditCode checks the 18th character of a unified social credit code.
func creditCode(s string) bool {
	sum := 0
	for i, w := range creditWeights {
		v := strings.IndexByte(creditAlphabet, s[i])
		if v < 0 {
			return false
		}
		sum += v * w
	}
	return s[17] == creditAlphabet[(31-sum%31)%31]
}
