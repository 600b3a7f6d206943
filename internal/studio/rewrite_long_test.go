package studio

import (
	"strings"
	"testing"

	"loam/internal/text"
)

// BenchmarkRewriteLong rewrites the longest body there may be, each way; what is slow here
// would let one request hold a processor.
func BenchmarkRewriteLong(b *testing.B) {
	for name, unit := range map[string]string{"commas": "，", "clauses": "字字字，", "sentences": "真的很好。", "fillers": "其实，", "lines": "- 一\n", "emoji": "😀", "marks": "！！", "quotes": "「", "words": "really ", "links": "https://", "numbers": "1、"} {
		s := strings.Repeat(unit, 60_000/len([]rune(unit)))
		for op := range rewrites() {
			b.Run(op+"/"+name, func(b *testing.B) {
				for b.Loop() {
					if _, err := Rewrite(op, s, RewriteOptions{Profile: text.Xiaohongshu(), Bullet: "• "}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
