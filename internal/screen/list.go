package screen

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"loam"
	"loam/internal/policy"
)

// maxPhraseLine bounds a line of a phrases file, in bytes: what a scan keeps and looks back
// over grows with the longest phrase.
const maxPhraseLine = 4 << 10

// ReadPhrases reads a phrases file: lines of phrase, risk and tier with a tab between.
// There are no comments and no quotes; a byte order mark, CRLF and repeated lines are
// accepted. Lines whose phrase folds to nothing are left out and given by number. A bad
// line is Invalid and named: "phrases.line", "phrases.risk", "phrases.tier".
func ReadPhrases(r io.Reader) (list []loam.Phrase, empty []int, err error) {
	seen := map[loam.Phrase]bool{}
	in := bufio.NewReaderSize(r, maxPhraseLine)
	for number := 1; ; number++ {
		line, err := in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			return nil, nil, badLine("phrases.line", number, "it is too long")
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, nil, fmt.Errorf("phrases: %w", err)
		}
		if len(line) == 0 {
			return list, empty, nil
		}
		if bytes.IndexByte(line, 0) >= 0 {
			return nil, nil, badLine("phrases.line", number, "it holds a zero byte; is the file UTF-16? Save it as UTF-8")
		}
		if number == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		p, known, err := readPhrase(strings.TrimRight(string(line), "\r\n"), number)
		if err != nil {
			return nil, nil, err
		}
		if !known {
			empty = append(empty, number)
		} else if !seen[p] {
			seen[p] = true
			list = append(list, p)
		}
	}
}

func readPhrase(line string, number int) (p loam.Phrase, known bool, err error) {
	if strings.TrimSpace(line) == "" {
		return p, false, nil
	}
	if !utf8.ValidString(line) {
		return p, false, badLine("phrases.line", number, "it is not UTF-8")
	}
	parts := strings.Split(line, "\t")
	if len(parts) != 3 {
		return p, false, badLine("phrases.line", number, "it is not phrase, risk and tier with tabs between")
	}
	p = loam.Phrase{Text: parts[0], Risk: loam.Risk(parts[1]), Tier: loam.Tier(parts[2]), Source: "file"}
	if !policy.KnownRisk(p.Risk) {
		return p, false, badLine("phrases.risk", number, fmt.Sprintf("unknown risk %q", parts[1]))
	}
	if !policy.KnownTier(p.Tier) {
		return p, false, badLine("phrases.tier", number, fmt.Sprintf("unknown tier %q; it is block, review or signal", parts[2]))
	}
	return p, Findable(p.Text), nil
}

func badLine(code string, number int, why string) error {
	return loam.Fail(loam.Invalid, code, number).Because(fmt.Errorf("line %d: %s", number, why))
}
