package label

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"loam"
)

// exiftoolConfig names the standard's XMP property, which exiftool reads only if told of
// its namespace.
const exiftoolConfig = `%Image::ExifTool::UserDefined = (
  'Image::ExifTool::XMP::Main' => { TC260 => { SubDirectory => { TagTable => 'Image::ExifTool::UserDefined::TC260' } } },
);
%Image::ExifTool::UserDefined::TC260 = (
  GROUPS => { 0 => 'XMP', 1 => 'XMP-TC260', 2 => 'Image' },
  NAMESPACE => { 'TC260' => 'http://www.tc260.org.cn/ns/AIGC/1.0/' },
  AIGC => { },
);
1;
`

// TestExiftool: a program that is not ours finds the label where the standard puts it, and
// nothing wrong with the file around it.
func TestExiftool(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("exiftool")
	if err != nil {
		if os.Getenv("LOAM_TEST_POSTGRES") != "" {
			t.Fatal("the gate needs exiftool: apt-get install libimage-exiftool-perl")
		}
		t.Skip("no exiftool; apt-get install libimage-exiftool-perl")
	}
	dir := t.TempDir()
	config := filepath.Join(dir, "tc260.config")
	if err := os.WriteFile(config, []byte(exiftoolConfig), 0o600); err != nil {
		t.Fatal(err)
	}
	visible := options(loam.IsAI)
	visible.Draw = pen()
	for _, tt := range []struct {
		name string
		in   []byte
		o    Options
	}{
		{"page.png", pngOf(t, colours(360, 480)), visible},
		{"photo.jpg", jpegOf(t, colours(360, 480)), options(loam.MayAI)},
	} {
		out, mark, err := File(tt.in, tt.o)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, tt.name)
		if err := os.WriteFile(file, out, 0o600); err != nil {
			t.Fatal(err)
		}
		said, err := exec.CommandContext(t.Context(), program, "-config", config, "-j", "-b", "-G1", "-XMP:all", "-ImageSize", "-validate", "-warning", "-error", file).Output()
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		var files []map[string]any
		if err := json.Unmarshal(said, &files); err != nil || len(files) != 1 {
			t.Fatalf("%s: %v\n%s", tt.name, err, said)
		}
		got := files[0]
		var read loam.Mark
		label, _ := got["XMP-TC260:AIGC"].(string)
		d := json.NewDecoder(bytes.NewReader([]byte(label)))
		d.DisallowUnknownFields()
		if err := d.Decode(&read); err != nil {
			t.Errorf("%s: label %q: %v; exiftool said %s", tt.name, label, err, said)
		}
		diff(t, tt.name, mark, read)
		if size := got["Composite:ImageSize"]; size != "360 480" && size != "360x480" {
			t.Errorf("%s: size %v", tt.name, size)
		}
		if got["ExifTool:Warning"] != nil || got["ExifTool:Error"] != nil {
			t.Errorf("%s: %s", tt.name, said)
		}
	}
}
