package text

// Passages are found again by winnowing (Schleimer, Wilkerson, Aiken 2003): of every window
// of grams the least hash is kept, so two texts with passageWindow+passageGram-1 = 23 letters
// in a row in common keep one in common, and about one letter in eight is kept.
const (
	passageGram   = 8
	passageWindow = 16
	// mostPassages bounds the fingerprints of one text: those of some 2,000 letters.
	mostPassages = 256
	// passageGap is how many letters may differ within a copied passage.
	passageGap = 8
)

// Passages are the fingerprints of a text's passages, without doubles, in their order.
func (l Letters) Passages() []uint64 {
	hashes := l.grams(passageGram)
	var out []uint64
	kept := map[uint64]bool{}
	least := -1 // where the least of the window stands: the last of equals
	for i := range hashes {
		if from := i - passageWindow + 1; least < from || least < 0 {
			least = max(from, 0)
			for k := least; k <= i; k++ {
				if hashes[k] <= hashes[least] {
					least = k
				}
			}
		} else if hashes[i] <= hashes[least] {
			least = i
		}
		if whole := i >= passageWindow-1 || i == len(hashes)-1; whole && !kept[hashes[least]] {
			kept[hashes[least]] = true
			if out = append(out, hashes[least]); len(out) == mostPassages {
				break
			}
		}
	}
	return out
}

// Copied is what one text has of another.
type Copied struct {
	Share      float64 // of the letters of the shorter text, 0 to 1
	Length     int     // letters of the longest copied passage
	Start, End int     // where that passage stands, in bytes
}

// Copied compares all grams of the two texts. A passage may have a few letters changed.
func (l Letters) Copied(m Letters) Copied {
	if l.Len() < passageGram || m.Len() < passageGram {
		return Copied{}
	}
	theirs := make(map[uint64]struct{}, m.Len())
	for _, h := range m.grams(passageGram) {
		theirs[h] = struct{}{}
	}
	var c Copied
	covered, upTo := 0, 0 // letters covered, and the end of the last copied gram
	from, run := 0, 0     // the passage under way: its first letter, its covered letters
	for i, h := range l.grams(passageGram) {
		if _, ok := theirs[h]; !ok {
			continue
		}
		if upTo == 0 || i > upTo+passageGap {
			from, run = i, 0
		}
		more := i + passageGram - max(upTo, i)
		covered, run, upTo = covered+more, run+more, i+passageGram
		if run > c.Length {
			c.Length, c.Start, c.End = run, int(l.at[from][0]), int(l.at[upTo-1][1])
		}
	}
	c.Share = min(float64(covered)/float64(min(l.Len(), m.Len())), 1)
	return c
}
