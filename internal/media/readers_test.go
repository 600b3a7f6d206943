package media

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/image/tiff"

	"loam"
)

// oracle is a program that is not ours. Where it is missing the test is skipped with the
// words that mend it; the gate does not skip.
func oracle(t *testing.T, program, mend string) string {
	t.Helper()
	found, err := exec.LookPath(program)
	if err != nil {
		if os.Getenv("LOAM_TEST_POSTGRES") != "" {
			t.Fatalf("the gate needs %s: %s", program, mend)
		}
		t.Skipf("no %s; %s", program, mend)
	}
	return found
}

// python is the interpreter with the readers of scripts/tools.sh.
func python(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs("../../.cache/oracles/bin/python")
	if err != nil {
		t.Fatal(err)
	}
	return oracle(t, path, "scripts/tools.sh")
}

// say runs a program and gives what it writes.
func say(t *testing.T, program string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	var errors bytes.Buffer
	cmd.Stderr = &errors
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s%s", filepath.Base(program), args, err, out, errors.Bytes())
	}
	return string(out)
}

// labelledFile labels a file of a folder and gives the path of the labelled one.
func labelledFile(t *testing.T, path string, opts ...Option) string {
	t.Helper()
	in, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(filepath.Dir(path), "labelled-"+filepath.Base(path))
	if err := os.WriteFile(out, onlyLabel(t, filepath.Base(path), in, opts...), 0o600); err != nil {
		t.Fatal(err)
	}
	return out
}

func save(t *testing.T, path string, b []byte) string {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// isLabel holds what another reader says of the label against what was written.
func isLabel(t *testing.T, who, got string) {
	t.Helper()
	var m loam.Mark
	d := json.NewDecoder(strings.NewReader(got))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil || m != strictMark() {
		t.Errorf("%s: got %q, %v", who, got, err)
	}
}

// mutagenReads prints the AIGC tag of a file, and how many there are, by its kind.
const mutagenReads = `
import sys, mutagen
f = mutagen.File(sys.argv[1])
if f.__class__.__name__ == "MP3":
    v = f.tags.getall("TXXX:AIGC")
    v = [x.text[0] for x in v]
else:
    v = f.tags["aigc"]
assert len(v) == 1, v
print(v[0], end="")
`

// TestSoundReaders: ffprobe, mutagen and exiftool read the label out of what ffmpeg wrote,
// and ffmpeg decodes the same samples as before.
func TestSoundReaders(t *testing.T) {
	t.Parallel()
	ffmpeg := oracle(t, "ffmpeg", "apt-get install ffmpeg")
	ffprobe := oracle(t, "ffprobe", "apt-get install ffmpeg")
	exiftool := oracle(t, "exiftool", "apt-get install libimage-exiftool-perl")
	py := python(t)
	dir := t.TempDir()
	for _, c := range []struct {
		name             string
		args             []string
		mutagen, exifTag string
	}{
		{"v3.mp3", []string{"-id3v2_version", "3", "-metadata", "title=一"}, "y", "ID3:UserDefinedText"},
		{"v4.mp3", []string{"-id3v2_version", "4", "-metadata", "title=一"}, "y", "ID3:UserDefinedText"},
		{"bare.mp3", []string{"-id3v2_version", "0", "-write_xing", "0"}, "y", "ID3:UserDefinedText"},
		{"a.flac", []string{"-metadata", "title=一"}, "y", "Vorbis:AIGC"},
		{"vorbis.ogg", []string{"-c:a", "libvorbis", "-metadata", "title=一"}, "y", "Vorbis:AIGC"},
		{"a.opus", []string{"-c:a", "libopus", "-metadata", "title=" + strings.Repeat("一二三", 10_000)}, "y", ""},
		{"speex.ogg", []string{"-c:a", "libspeex", "-ar", "16000"}, "y", ""},
		{"flac.oga", []string{"-c:a", "flac"}, "y", ""},
		{"theora.ogv", []string{"-f", "lavfi", "-i", "testsrc=size=64x48:duration=2", "-c:v", "libtheora", "-c:a", "libvorbis"}, "", ""},
	} {
		in := filepath.Join(dir, c.name)
		args := append([]string{"-v", "error", "-f", "lavfi", "-i", "sine=duration=2"}, c.args...)
		say(t, ffmpeg, append(args, "-y", in)...)
		out := labelledFile(t, in)
		if a, b := say(t, ffmpeg, "-v", "error", "-i", in, "-f", "md5", "-"), say(t, ffmpeg, "-v", "error", "-i", out, "-f", "md5", "-"); a != b {
			t.Errorf("%s: samples were %s, are %s", c.name, a, b)
		}
		var probe struct {
			Streams []struct{ Tags map[string]string }
			Format  struct{ Tags map[string]string }
		}
		if err := json.Unmarshal([]byte(say(t, ffprobe, "-v", "error", "-of", "json", "-show_format", "-show_streams", out)), &probe); err != nil {
			t.Fatal(err)
		}
		got := probe.Format.Tags["AIGC"]
		for _, s := range probe.Streams {
			if got == "" {
				got = s.Tags["AIGC"]
			}
		}
		isLabel(t, c.name+" by ffprobe", got)
		if c.mutagen != "" {
			isLabel(t, c.name+" by mutagen", say(t, py, "-c", mutagenReads, out))
		}
		if c.exifTag != "" {
			text := say(t, exiftool, "-s3", "-"+c.exifTag, out)
			isLabel(t, c.name+" by exiftool", strings.TrimPrefix(strings.TrimSpace(text), "(AIGC) "))
		}
	}
}

// id3Reads prints the labels of many tags, one a line.
const id3Reads = `
import sys, mutagen.id3
for f in sys.argv[1:]:
    v = mutagen.id3.ID3(f).getall("TXXX:AIGC")
    assert len(v) == 1 and len(v[0].text) == 1, (f, v)
    print(v[0].text[0])
`

// TestID3Readers: mutagen reads the label out of tags of every version and form.
func TestID3Readers(t *testing.T) {
	t.Parallel()
	py := python(t)
	dir := t.TempDir()
	var names, files []string
	for name, b := range mp3s() {
		names = append(names, name)
		files = append(files, labelledFile(t, save(t, filepath.Join(dir, strings.ReplaceAll(name, " ", "-")+".mp3"), b)))
	}
	lines := strings.Split(strings.TrimSpace(say(t, py, append([]string{"-c", id3Reads}, files...)...)), "\n")
	if len(lines) != len(files) {
		t.Fatalf("%d labels of %d files", len(lines), len(files))
	}
	for i, l := range lines {
		isLabel(t, names[i], l)
	}
}

// TestChainedReaders: of a chained file mutagen reads the first link's label; both links
// decode as before.
func TestChainedReaders(t *testing.T) {
	t.Parallel()
	ffmpeg := oracle(t, "ffmpeg", "apt-get install ffmpeg")
	py := python(t)
	dir := t.TempDir()
	var both []byte
	for _, hz := range []string{"440", "880"} {
		part := filepath.Join(dir, hz+".ogg")
		say(t, ffmpeg, "-v", "error", "-f", "lavfi", "-i", "sine=duration=1:frequency="+hz, "-c:a", "libvorbis", "-metadata", "AIGC="+strictJSON, "-serial_offset", hz, "-y", part)
		b, err := os.ReadFile(part)
		if err != nil {
			t.Fatal(err)
		}
		both = append(both, b...)
	}
	in := save(t, filepath.Join(dir, "chain.ogg"), both)
	out := labelledFile(t, in)
	isLabel(t, "mutagen", say(t, py, "-c", mutagenReads, out))
	if a, b := say(t, ffmpeg, "-v", "error", "-i", in, "-f", "md5", "-"), say(t, ffmpeg, "-v", "error", "-i", out, "-f", "md5", "-"); a != b {
		t.Errorf("samples were %s, are %s", a, b)
	}
}

// TestPictureReaders: exiftool reads label and IPTC source type and finds nothing wrong;
// ffmpeg decodes the same pixels of every frame.
func TestPictureReaders(t *testing.T) {
	t.Parallel()
	exiftool := oracle(t, "exiftool", "apt-get install libimage-exiftool-perl")
	ffmpeg := oracle(t, "ffmpeg", "apt-get install ffmpeg")
	dir := t.TempDir()
	img := picture(64, 48, 3)
	var packedTIFF bytes.Buffer
	if err := tiff.Encode(&packedTIFF, img, &tiff.Options{Compression: tiff.Deflate, Predictor: true}); err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{
		"a.png": pngOf(t, img), "a.jpg": jpegOf(t, img), "still.gif": gifOf(t, img), "moving.gif": animation(t, 4), "packed.tif": packedTIFF.Bytes(),
	}
	for name, b := range tiffs() {
		files[strings.NewReplacer(" ", "-", ",", "").Replace(name)+".tif"] = b
	}
	for name, b := range specials(t) {
		files[strings.ReplaceAll(name, " ", "-")+map[byte]string{0xff: ".jpg", 0x89: ".png"}[b[0]]] = b
	}
	var in, out []string
	for name, b := range files {
		in = append(in, save(t, filepath.Join(dir, name), b))
		out = append(out, labelledFile(t, in[len(in)-1], WithSource("trainedAlgorithmicMedia")))
	}
	before := exifSays(t, exiftool, append([]string{"-fast2", "-validate"}, in...)...)
	after := exifSays(t, exiftool, append([]string{"-n", "-XMP:AIGC", "-XMP:DigitalSourceType", "-validate", "-error"}, out...)...)
	for i := range in {
		name := filepath.Base(in[i])
		got, _ := after[i]["XMP:Aigc"].(string) // how it spells a name it does not know
		isLabel(t, name+" by exiftool", got)
		if after[i]["XMP:DigitalSourceType"] != SourceURI+"trainedAlgorithmicMedia" {
			t.Errorf("%s: source type %v", name, after[i]["XMP:DigitalSourceType"])
		}
		if after[i]["ExifTool:Error"] != nil || before[i]["ExifTool:Validate"] == "OK" && after[i]["ExifTool:Validate"] != "0 0 0" {
			t.Errorf("%s: exiftool found %v; before it said %v", name, after[i], before[i])
		}
		if strings.HasPrefix(name, "BigTIFF") {
			continue // ffmpeg does not know it
		}
		if a, b := say(t, ffmpeg, "-v", "error", "-i", in[i], "-f", "md5", "-"), say(t, ffmpeg, "-v", "error", "-i", out[i], "-f", "md5", "-"); a != b {
			t.Errorf("%s: pixels were %s, are %s", name, a, b)
		}
	}
}

// exifSays is what exiftool says of files, in their order.
func exifSays(t *testing.T, exiftool string, args ...string) []map[string]any {
	t.Helper()
	var out []map[string]any
	if err := json.Unmarshal([]byte(say(t, exiftool, append([]string{"-j", "-G0"}, args...)...)), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestPDFReaders: poppler and exiftool read the label, qpdf finds nothing wrong, and page and
// words are as before, whichever way the file keeps its objects.
func TestPDFReaders(t *testing.T) {
	t.Parallel()
	qpdf := oracle(t, "qpdf", "apt-get install qpdf")
	pdfinfo := oracle(t, "pdfinfo", "apt-get install poppler-utils")
	exiftool := oracle(t, "exiftool", "apt-get install libimage-exiftool-perl")
	dir := t.TempDir()
	var files []string
	for name, b := range pdfs() {
		files = append(files, save(t, filepath.Join(dir, strings.NewReplacer(" ", "-", ",", "").Replace(name)+".pdf"), b))
	}
	plain := filepath.Join(dir, "plain.pdf")
	for name, how := range map[string]string{"streams.pdf": "--object-streams=generate", "linear.pdf": "--linearize", "both.pdf": "--linearize --object-streams=generate"} {
		out := filepath.Join(dir, name)
		say(t, qpdf, append(strings.Fields(how), plain, out)...)
		files = append(files, out)
		again := filepath.Join(dir, "again-"+name)
		say(t, qpdf, append(strings.Fields(how), filepath.Join(dir, "literal.pdf"), again)...)
		b, err := os.ReadFile(again)
		if err != nil {
			t.Fatal(err)
		}
		reads(t, again, b, "pdf.info")
	}
	var labelled []string
	for _, in := range files {
		labelled = append(labelled, labelledFile(t, in))
	}
	said := exifSays(t, exiftool, append([]string{"-PDF:AIGC"}, labelled...)...)
	for i, in := range files {
		name, out := filepath.Base(in), labelled[i]
		say(t, qpdf, "--check", out)
		_, label, _ := strings.Cut(say(t, pdfinfo, "-custom", out), "AIGC:")
		label, _, _ = strings.Cut(label, "\n")
		isLabel(t, name+" by pdfinfo", strings.TrimSpace(label))
		if name != "object-stream.pdf" { // whose reference to Info exiftool, unlike qpdf and poppler, does not follow
			got, _ := said[i]["PDF:AIGC"].(string)
			isLabel(t, name+" by exiftool", got)
		}
		for _, program := range [][]string{{"pdftotext"}, {"pdftoppm", "-r", "50"}} {
			show := oracle(t, program[0], "apt-get install poppler-utils")
			run := func(file string) string {
				args := append(program[1:len(program):len(program)], file)
				if program[0] == "pdftotext" {
					args = append(args, "-")
				}
				return say(t, show, args...)
			}
			if a, b := run(in), run(out); a != b || a == "" {
				t.Errorf("%s: %s shows something else", name, program[0])
			}
		}
	}
	sealed := filepath.Join(dir, "sealed.pdf")
	say(t, qpdf, "--encrypt", "", "owner", "256", "--", filepath.Join(dir, "literal.pdf"), sealed)
	b, err := os.ReadFile(sealed)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := Marks(bytes.NewReader(b)); loam.CodeOf(err) != "media.encrypted" {
		t.Errorf("encrypted: %v", err)
	}
	if _, err := Plan(bytes.NewReader(b), strictMark()); loam.CodeOf(err) != "media.encrypted" {
		t.Errorf("encrypted: Plan: %v", err)
	}
}

// officeWrites makes a document of each kind in a folder; officeReads prints what its library
// reads of one.
const (
	officeWrites = `
import sys, docx, openpyxl, pptx
d = docx.Document(); d.add_paragraph("a line of text"); d.save(sys.argv[1] + "/a.docx")
w = openpyxl.Workbook(); w.active["A1"] = "a line of text"; w.save(sys.argv[1] + "/a.xlsx")
from openpyxl.packaging.custom import StringProperty
w.custom_doc_props.append(StringProperty(name="Client", value="one")); w.save(sys.argv[1] + "/b.xlsx")
p = pptx.Presentation(); p.slides.add_slide(p.slide_layouts[5]).shapes.title.text = "a line of text"; p.save(sys.argv[1] + "/a.pptx")
`
	officeReads = `
import sys
f = sys.argv[1]
if f.endswith("docx"):
    import docx; d = docx.Document(f); assert d.paragraphs[-1].text == "a line of text"; p = d.part.package
elif f.endswith("pptx"):
    import pptx; d = pptx.Presentation(f); assert len(d.slides) == 1; p = d.part.package
if f.endswith("xlsx"):
    import openpyxl; w = openpyxl.load_workbook(f); assert w.active["A1"].value == "a line of text"
    v = {p.name: p.value for p in w.custom_doc_props.props}
    assert "/b" not in f.replace("labelled-", "") or v["Client"] == "one", v
    print(v["AIGC"], end="")
else:
    import lxml.etree
    part = [r.target_part for r in p._rels.values() if r.reltype.endswith("/custom-properties")] if hasattr(p, "_rels") else [r.target_part for r in p.rels.values() if r.reltype.endswith("/custom-properties")]
    assert len(part) == 1, part
    x = lxml.etree.fromstring(part[0].blob)
    print(x.xpath("string(//*[local-name()='property'][@name='AIGC']/*[local-name()='lpwstr'])"), end="")
`
)

// TestOfficeReaders: the libraries that write documents open them with the label in the
// package, and LibreOffice reads it as a property of each and shows what was in it.
func TestOfficeReaders(t *testing.T) {
	t.Parallel()
	py := python(t)
	soffice := oracle(t, "soffice", "apt-get install --no-install-recommends libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui")
	dir := t.TempDir()
	say(t, py, "-c", officeWrites, dir)
	for _, name := range []string{"a.docx", "a.xlsx", "b.xlsx", "a.pptx"} {
		isLabel(t, name, say(t, py, "-c", officeReads, labelledFile(t, filepath.Join(dir, name))))
	}
	for name, flat := range map[string]string{"a.docx": "fodt", "a.xlsx": "fods", "b.xlsx": "fods", "a.pptx": "fodp"} {
		in := filepath.Join(dir, "labelled-"+name)
		say(t, soffice, "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to", flat, "--outdir", filepath.Join(dir, name+".shown"), in)
		shown, err := os.ReadFile(filepath.Join(dir, name+".shown", strings.TrimSuffix("labelled-"+name, filepath.Ext(name))+"."+flat))
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(shown), `<meta:user-defined meta:name="AIGC"`)
		_, rest, _ = strings.Cut(rest, ">")
		label, _, _ := strings.Cut(rest, "<")
		isLabel(t, name+" by LibreOffice", strings.NewReplacer("&quot;", `"`, "&amp;", "&", "&apos;", "'").Replace(label))
		if !strings.Contains(string(shown), "a line of text") {
			t.Errorf("%s: LibreOffice does not show the text", name)
		}
	}
}
