package media

import (
	"bytes"
	"cmp"
)

// lateLabel is a label behind a picture's first scan, or behind the end of a file.
type lateLabel struct {
	from, to int64
	found    Found
}

// lateLabels finds labels in bytes of no known form, which stand at a place of the file.
func lateLabels(b []byte, at int64, place string) []lateLabel {
	var out []lateLabel
	for _, s := range scanLabels(b) {
		out = append(out, lateLabel{at + int64(s.from), at + int64(s.to), scanned(b, s, place)})
	}
	return out
}

// behind finds labels in the first 40 MB of what stands behind a file's own end. If there may be
// one further on, that is the error, beside those found. Only a tail with the letters of a label
// is held.
func behind(src Source, end int64, place string) ([]lateLabel, error) {
	limit := min(src.Size(), end+MaxBytes)
	there, err := containsBefore(src, end, limit, "AIGC")
	if err != nil {
		return nil, err
	}
	var out []lateLabel
	if there {
		b, err := read(src, end, limit-end)
		if err != nil {
			return nil, err
		}
		out = lateLabels(b, end, place)
	}
	return out, farther(src, limit)
}

// farther is an error if a label may stand behind what is searched: Invalid, "picture.broken".
func farther(src Source, limit int64) error {
	if limit == src.Size() {
		return nil
	}
	there, err := contains(src, limit-int64(len("AIGC")), "AIGC")
	if there {
		err = cmp.Or(err, broken("more stands behind the file than is searched for labels"))
	}
	return err
}

// lateMarks finds labels behind a file's own end and adds them to those within it, if it could
// be followed up to there.
func lateMarks(src Source, end int64, place string, within []Found, err error) ([]Found, error) {
	if err != nil {
		return within, err
	}
	late, err := behind(src, end, place)
	for _, l := range late {
		within = append(within, l.found)
	}
	return within, err
}

// tailOfStream is where to look for labels behind a stream that does not tell where it ends: its
// last 40 MB, or all of it from its beginning.
func tailOfStream(src Source, begins int64) int64 { return max(begins, src.Size()-MaxBytes) }

// blanked is the change that puts blanks where a label stood.
func (l lateLabel) blanked() change {
	return change{at: l.from, end: l.to, lit: bytes.Repeat([]byte{' '}, int(l.to-l.from))}
}

// keepLess keeps what stands between two places, labels in it blanked where they stand.
func (e *Edit) keepLess(src Source, from, to int64, late []lateLabel) {
	for _, l := range late {
		c := l.blanked()
		e.keep(src, from, c.at)
		e.add(c.lit)
		from = c.end
	}
	e.keep(src, from, to)
}
