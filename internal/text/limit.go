package text

import "unicode/utf16"

// Profile is a platform's limits as data: what it counts, how, and since when that is
// known. Titles count in the platform's own unit (see TitleLength), bodies in UTF-16
// units, the strictest reading of an unproven rule.
type Profile struct {
	Name     string
	Date     string // when the values were last checked
	Source   string
	TitleMax int // by TitleLength
	BodyMax  int // UTF-16 units
	TagsMax  int // tags of a note
	TagMax   int // UTF-16 units of one tag
	PagesMin int
	PagesMax int
	PageMax  int // by TitleLength, all the text of one page; Loam's own, what stays readable
}

// Xiaohongshu is the profile Loam starts with.
func Xiaohongshu() Profile {
	return Profile{
		Name: "xiaohongshu", Date: "2026-08", Source: "xpzouying/xiaohongshu-mcp pkg/xhsutil/title.go and README",
		TitleMax: 20, BodyMax: 1000, TagsMax: 10, TagMax: 20, PagesMin: 1, PagesMax: 18, PageMax: 320,
	}
}

// TitleLength is the platform's length of a title: of its UTF-16 units one up to 127
// weighs 1, any other 2; half the sum, rounded up. 20 Han are 20, 40 ASCII letters are 20.
func TitleLength(s string) int {
	sum := 0
	for _, r := range s {
		switch {
		case r <= 127:
			sum++
		case r > 0xFFFF:
			sum += 4
		default:
			sum += 2
		}
	}
	return (sum + 1) / 2
}

// BodyLength counts UTF-16 units.
func BodyLength(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}
