package studio

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkArrange measures drafts of about 80, 1,000 and 50,000 characters, in one line and
// in many.
func BenchmarkArrange(b *testing.B) {
	for _, n := range []int{80, 1000, 50000} {
		for name, joint := range map[string]string{"line": "，", "lines": "\n", "bare": ""} {
			unit := exampleTest + joint + exampleShop + joint
			idea := strings.Repeat(unit, 1+n/len([]rune(unit)))
			idea = string([]rune(idea)[:n])
			b.Run(fmt.Sprintf("%d/%s", n, name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := Arrange(Input{Idea: idea}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
