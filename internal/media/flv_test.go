package media

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"loam"
)

// flvTag is a tag with its length behind it.
func flvTag(kind byte, data []byte) []byte {
	return cat([]byte{kind}, be32(len(data))[1:], make([]byte, 7), data, be32(len(data)+11))
}

func flvOf(tags ...[]byte) []byte {
	return cat([]byte("FLV\x01\x05"), be32(9), be32(0), cat(tags...))
}

func amfName(s string) []byte { return cat(be16(len(s)), []byte(s)) }

func amfText(s string) []byte { return cat([]byte{2}, amfName(s)) }

// metaData is a script tag of names and values in turn.
func metaData(pairs ...[]byte) []byte {
	return flvTag(18, cat(amfText("onMetaData"), []byte{8}, be32(len(pairs)/2), cat(pairs...), []byte{0, 0, 9}))
}

func TestFLV(t *testing.T) {
	t.Parallel()
	label := amfText(strictJSON)
	video := flvTag(9, make([]byte, 40))
	all := [][]byte{
		amfName("duration"), cat([]byte{0}, make([]byte, 8)), amfName("stereo"),
		{1, 1},
		amfName("o"), cat([]byte{3}, amfName("x"), label, []byte{0, 0, 9}),
		amfName("d"), cat([]byte{11}, make([]byte, 10)), amfName("a"), cat([]byte{10}, be32(2), []byte{5, 6}), amfName("r"),
		{7, 0, 1},
		amfName("u"),
		{13},
		amfName("t"), cat([]byte{16}, amfName("C"), []byte{0, 0, 9}), amfName("l"), cat([]byte{15}, be32(3), []byte("<x>")),
	}
	for name, tt := range map[string]struct {
		in    []byte
		marks int
	}{
		"none":           {flvOf(metaData(all...), video), 0},
		"last":           {flvOf(video, metaData(append(all, amfName("AIGC"), label)...), video), 1},
		"long string":    {flvOf(metaData(amfName("AIGC"), cat([]byte{12}, be32(len(strictJSON)), []byte(strictJSON)))), 1},
		"in an object":   {flvOf(metaData(amfName("o"), cat([]byte{3}, amfName("aigc"), label, []byte{0, 0, 9}))), 1},
		"two":            {flvOf(metaData(amfName("AIGC"), label), metaData(amfName("AIGC"), label)), 2},
		"another script": {flvOf(flvTag(18, cat(amfText("onCuePoint"), label))), 0},
	} {
		typ, found, err := Marks(bytes.NewReader(tt.in))
		if err != nil || typ != FLV || len(found) != tt.marks {
			t.Errorf("%s: got %s %+v, %v", name, typ, found, err)
			continue
		}
		for _, f := range found {
			if f.Mark != strictMark() || f.State != loam.IsAI || f.Strict() != (tt.marks == 1) {
				t.Errorf("%s: got %+v", name, f)
			}
		}
	}
	if found, err := Read(flvOf(metaData(amfName("AIGC"), []byte{5}))); err != nil || len(found) != 1 || found[0].State != loam.SuspectedAI {
		t.Errorf("no text: got %+v, %v", found, err)
	}
	whole := flvOf(metaData(amfName("AIGC"), label), video)
	if _, found, err := Marks(bytes.NewReader(whole[:len(whole)-20])); loam.CodeOf(err) != "media.broken" || len(found) != 1 {
		t.Errorf("cut: got %+v, %v", found, err)
	}
	if _, err := Write(whole, strictMark()); loam.CodeOf(err) != "file.read_only" {
		t.Errorf("written: %v", err)
	}
}

// TestOraclesFLV: a label ffmpeg writes into an FLV file is read, as ffprobe reads it, whatever it
// holds, up to the kilobyte that ffprobe reads.
func TestOraclesFLV(t *testing.T) {
	t.Parallel()
	ffmpeg, ffprobe := tool(t, "ffmpeg", "ffmpeg"), tool(t, "ffprobe", "ffmpeg")
	for name, value := range map[string]string{
		"strict": strictJSON, "wrapped": `{"AIGC":` + strictJSON + `}`, "words": "一 \"b\" \\ c=d;#\te", "nothing": "{}",
		"long": strings.Replace(strictJSON, "p-1", strings.Repeat("p", 600), 1), "state": `{"Label":"2"}`,
	} {
		file := filepath.Join(t.TempDir(), "a.flv")
		run(t, ffmpeg, append(strings.Fields("-v error "+bothIn+"-c:v flv -c:a mp3 -metadata title=a -metadata"), "AIGC="+value, file)...)
		said := probe(t, ffprobe, file)
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found, err := Read(b)
		if err != nil || len(found) != 1 || found[0].Raw != said["AIGC"] || said["AIGC"] != value || said["title"] != "a" {
			t.Errorf("%s: %+v, %v; ffprobe reads %q", name, found, err, said)
		}
		if name == "strict" {
			onlyStrict(t, b)
		}
	}
}

func FuzzFLV(f *testing.F) {
	f.Add(flvOf(metaData(amfName("AIGC"), amfText(strictJSON))))
	f.Add(flvOf(metaData(amfName("o"), cat([]byte{3}, amfName("a"), cat([]byte{10}, be32(2), []byte{5, 6}), []byte{0, 0, 9}))))
	f.Fuzz(func(t *testing.T, b []byte) {
		if found, _ := flvMarks(bytes.NewReader(b)); len(found) > 2*maxLabels {
			t.Fatalf("%d labels", len(found))
		}
	})
}
