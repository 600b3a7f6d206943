package terms

import (
	"strings"
	"testing"

	"loam"
	"loam/internal/c2pa"
)

// brief writes signals as a word: s, i, t, y for search, answers, training on text and style;
// in capitals for a no, "-" for nothing heard.
func brief(s Signals) string {
	var b strings.Builder
	for i, u := range []loam.Use{loam.UseIndex, loam.UseRetrieve, loam.UseTrainText, loam.UseStyle} {
		letter := "sity"[i : i+1]
		switch s[u].Answer {
		case Allow:
			b.WriteString(letter)
		case Deny:
			b.WriteString(strings.ToUpper(letter))
		case Unknown:
			b.WriteString("-")
		}
	}
	return b.String()
}

func TestReadContentUsage(t *testing.T) {
	t.Parallel()
	for field, want := range map[string]string{
		"":                                   "----",
		"train-ai=n":                         "--TY",
		"train-ai=y":                         "--t-",
		"search=y, ai-use=n":                 "sI--",
		" search=y ,\tai-use=y,train-ai=y ":  "sit-",
		"train-ai=y, train-ai=y":             "--TY",
		"train-ai=n, train-ai=y":             "--TY",
		"train-ai":                           "--TY",
		"train-ai=\"y\"":                     "--TY",
		"train-ai=Y":                         "--TY",
		"train-ai=?1":                        "--TY",
		"train-ai=y;because=\"of, this\"":    "--t-",
		"x=(a \"b\" 1.5;q=2), train-ai=y":    "--t-",
		"x=:aGk=:, y=@12, z=%\"%e6%9e%97\"":  "----",
		"train-genai=n;exceptions=cc-cr-ec":  "--TY",
		"train-genai=y":                      "----",
		"bots=n":                             "SITY",
		"bots=n, search=y, train-ai=y":       "SITY",
		"search=y, train-ai=y, bots=n":       "SITY",
		"all=y":                              "----",
		"Train-AI=y":                         "SITY",
		"train-ai=y,":                        "SITY",
		"train-ai=y search=y":                "SITY",
		"train-ai = y":                       "SITY",
		"x=1.2345":                           "SITY",
		"x=\"\x00\"":                         "SITY",
		"x=(a":                               "SITY",
		"x=%\"%E6\"":                         "SITY",
		strings.Repeat("a=1,", 4000) + "b=1": "SITY",
	} {
		diff(t, field[:min(len(field), 40)], want, brief(ReadContentUsage(field, []Medium{Text})))
	}
}

func TestReadContentSignal(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"":                                  "----",
		"search=yes, ai-train=no":           "s-TY",
		"Search = YES,ai-input=yes":         "si--",
		"ai-train=yes":                      "--t-",
		"ai-train=yes,ai-train=yes":         "--TY",
		"ai-train=maybe":                    "--TY",
		"ai-train=":                         "--TY",
		"ai-train":                          "SITY",
		"=yes":                              "SITY",
		"search=yes,":                       "s---",
		"other=yes":                         "----",
		"search=yes,ai-input=yes,use=full":  "si--",
		"ai-input=yes,use=reference":        "-I--",
		"/path search=yes":                  "----",
		strings.Repeat("search=yes,", 4000): "SITY",
	} {
		diff(t, value[:min(len(value), 40)], want, brief(ReadContentSignal(value, []Medium{Text})))
	}
}

func TestReadCAWG(t *testing.T) {
	t.Parallel()
	yes, no := c2pa.Use{Use: "allowed"}, c2pa.Use{Use: "notAllowed"}
	maybe := c2pa.Use{Use: "constrained", Constraints: "ask"}
	for _, tt := range []struct {
		name    string
		entries map[string]c2pa.Use
		want    string
	}{
		{"nothing", nil, "----"},
		{"both kinds of training", map[string]c2pa.Use{"cawg.ai_training": yes, "cawg.ai_generative_training": yes}, "--t-"},
		{"one kind of training", map[string]c2pa.Use{"cawg.ai_training": yes}, "----"},
		{"one kind not", map[string]c2pa.Use{"cawg.ai_training": yes, "cawg.ai_generative_training": no}, "--TY"},
		{"constrained", map[string]c2pa.Use{"cawg.ai_inference": maybe}, "-I--"},
		{"a word nobody knows", map[string]c2pa.Use{"cawg.ai_inference": {Use: "ALLOWED"}}, "-I--"},
		{"allowed on condition", map[string]c2pa.Use{"cawg.ai_inference": {Use: "allowed", Constraints: "ask"}}, "-I--"},
		{"the older prefix", map[string]c2pa.Use{"c2pa.ai_inference": yes}, "-i--"},
		{"prefixes at odds", map[string]c2pa.Use{"c2pa.ai_inference": yes, "cawg.ai_inference": no}, "-I--"},
		{"another domain", map[string]c2pa.Use{"com.other.style": yes}, "----"},
		{"our domain", map[string]c2pa.Use{"example.loam.style": yes}, "---y"},
		{"our domain, but no training", map[string]c2pa.Use{"example.loam.style": yes, "cawg.ai_training": no}, "--TY"},
		{"mining is no use of ours", map[string]c2pa.Use{"cawg.data_mining": yes}, "----"},
	} {
		diff(t, tt.name, tt.want, brief(ReadCAWG(tt.entries, []Medium{Text}, "example.loam")))
	}
}

func TestReadRSL(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, doc, want string }{
		{"free by default", `<license><permits type="usage">search ai-train</permits></license>`, "sIt-"},
		{"all", `<license><permits type="usage">all</permits><payment type="free"/></license>`, "sit-"},
		{"ai-all", `<license><permits type="usage">ai-all</permits></license>`, "Sit-"},
		{"commas", "<license><permits type=\"usage\">search,\n AI-Train</permits></license>", "sIt-"},
		{"half of an answer", `<license><permits type="usage">ai-input</permits></license>`, "SITY"},
		{"a no against a yes", `<license><permits type="usage">all</permits><prohibits type="usage">ai-train</prohibits></license>`, "siTY"},
		{"a no alone", `<license><prohibits type="usage">ai-all</prohibits></license>`, "-ITY"},
		{"no to all", `<license><prohibits type="usage">all</prohibits></license>`, "SITY"},
		{"no type", `<license><prohibits>all</prohibits></license>`, "SITY"},
		{"a price", `<license><permits type="usage">search</permits><payment type="crawl"/></license>`, "SITY"},
		{"a price for anything", `<license><payment type="subscription"/></license>`, "SITY"},
		{"a name", `<license><permits type="usage">all</permits><payment type="attribution"/></license>`, "SITY"},
		{"free on terms", `<license><permits type="usage">search</permits><payment type="free"><standard>https://a.example</standard></payment></license>`, "SITY"},
		{"some users", `<license><permits type="usage">search</permits><permits type="user">education</permits></license>`, "SITY"},
		{"not somewhere", `<license><permits type="usage">search</permits><prohibits type="geo">CN</prohibits></license>`, "SITY"},
		{"reports", `<license><permits type="usage">search</permits><reporting type="telemetry"/></license>`, "SITY"},
		{"what another namespace adds", `<license><permits type="usage">search</permits><x:y xmlns:x="urn:x"/></license>`, "SITY"},
		{"a no nobody knows", `<license><permits type="usage">search</permits><prohibits type="usage">ai-sing</prohibits></license>`, "SITY"},
		{"a yes nobody knows", `<license><permits type="usage">search ai-sing</permits></license>`, "sITY"},
		{"twice", `<license><permits type="usage">search</permits><permits type="usage">ai-train</permits></license>`, "SITY"},
		{"two licences", `<license><permits type="usage">search</permits></license><license><permits type="usage">ai-train</permits></license>`, "sIt-"},
		{"two licences, one asks", `<license><permits type="usage">search</permits></license><license><permits type="usage">ai-train</permits><payment type="use"/></license>`, "sITY"},
		{"a legal note", `<license><permits type="usage">search</permits><legal type="contact">a</legal></license>`, "sITY"},
		{"a comment in a word", `<license><permits type="usage">se<!-- x -->arch</permits></license>`, "sITY"},
		{"an entity", `<license><permits type="usage">&all;</permits></license>`, "SITY"},
		{"permits at no place", `<permits type="usage">search</permits>`, "SITY"},
		{"an attribute twice", `<license><permits type="usage" type="user">search</permits></license>`, "SITY"},
		{"unclosed", `<license>`, "SITY"},
		{"nothing", ``, "----"},
	} {
		doc := `<?xml version="1.0"?><rsl xmlns="https://rslstandard.org/rsl"><content url="/">` + tt.doc + `</content></rsl>`
		diff(t, tt.name, tt.want, brief(ReadRSL([]byte(doc), "https://loam.example/w/1", []Medium{Text})))
	}
}

func TestReadRSLDocuments(t *testing.T) {
	t.Parallel()
	no := `<license><prohibits type="usage">ai-train</prohibits></license>`
	for _, tt := range []struct{ name, doc, want string }{
		{"everything's", `<rsl xmlns="https://rslstandard.org/rsl"><content url="">` + no + `</content></rsl>`, "--TY"},
		{"no namespace", `<rsl><content url="/w/*">` + no + `</content></rsl>`, "--TY"},
		{"this page's", `<rsl><content url="https://LOAM.example/w/1$">` + no + `</content></rsl>`, "--TY"},
		{"another page's", `<rsl><content url="/w/2">` + no + `</content></rsl>`, "----"},
		{"another host's", `<rsl><content url="https://other.example/">` + no + `</content></rsl>`, "----"},
		{"behind a server", `<rsl><content url="/" server="https://a.example"><license><permits type="usage">search</permits></license></content></rsl>`, "SITY"},
		{"encrypted", `<rsl><content url="/" encrypted="true"><license><permits type="usage">search</permits></license></content></rsl>`, "SITY"},
		{"two pages at once", `<rsl><content url="/w/2" url="/w/3">` + no + `</content></rsl>`, "SITY"},
		{"a page nobody can tell", `<rsl><content url="w/1">` + no + `</content></rsl>`, "SITY"},
		{"a DOCTYPE", `<!DOCTYPE rsl [<!ENTITY a "ai-train">]><rsl><content url="/"/></rsl>`, "SITY"},
		{"another root", `<rss/>`, "SITY"},
		{"another namespace", `<rsl xmlns="urn:x"/>`, "SITY"},
		{"two roots", `<rsl/><rsl/>`, "SITY"},
		{"text behind", `<rsl/>x`, "SITY"},
		{"another encoding", `<?xml version="1.0" encoding="utf-16"?><rsl/>`, "SITY"},
		{"no document", ``, "SITY"},
		{"deep", "<rsl>" + strings.Repeat("<a>", 40) + strings.Repeat("</a>", 40) + "</rsl>", "SITY"},
		{"large", "<rsl><!--" + strings.Repeat("x", maxRSL) + "--></rsl>", "SITY"},
		{"a thousand licences and one", "<rsl><content url=\"/\">" + strings.Repeat("<license/>", maxLicence+1) + "</content></rsl>", "SITY"},
	} {
		diff(t, tt.name, tt.want, brief(ReadRSL([]byte(tt.doc), "https://loam.example/w/1", []Medium{Text})))
	}
}

func TestReadTDM(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ reservation, policy, want string }{
		{"", "", "----"},
		{"0", "", "-it-"},
		{"1", "", "-ITY"},
		{"0", "https://a.example", "-ITY"},
		{"", "https://a.example", "-ITY"},
		{"false", "", "-ITY"},
		{"00", "", "-ITY"},
	} {
		diff(t, tt.reservation+" "+tt.policy, tt.want, brief(ReadTDMHeader(tt.reservation, tt.policy, []Medium{Text})))
	}
	for doc, want := range map[string]string{
		`[]`:                                       "----",
		`[{"location":"/","tdm-reservation":1}]`:   "-ITY",
		`[{"location":"/","tdm-reservation":0}]`:   "-it-",
		`[{"location":"/","tdm-reservation":"0"}]`: "-it-",
		`[{"location":"/w/","tdm-reservation":0},{"location":"/","tdm-reservation":1}]`:     "-it-",
		`[{"location":"/","tdm-reservation":1},{"location":"/w/","tdm-reservation":0}]`:     "-ITY",
		`[{"location":"/","tdm-reservation":0},{"location":"/w/","tdm-reservation":1}]`:     "-ITY",
		`[{"location":"/w/*","tdm-reservation":0},{"location":"/w/1","tdm-reservation":1}]`: "-ITY",
		`[{"location":"/x","tdm-reservation":1}]`:                                           "----",
		`[{"location":"/"}]`:                                                      "-ITY",
		`[{"location":"/","tdm-reservation":0.0}]`:                                "-ITY",
		`[{"location":"/","tdm-reservation":0,"tdm-reservation":0}]`:              "-ITY",
		`[{"location":"/","tdm-reservation":0,"tdm-policy":"https://a.example"}]`: "-ITY",
		`[{"location":"x","tdm-reservation":0}]`:                                  "-ITY",
		`[{"location":"/","tdm-reservation":[0]}]`:                                "-ITY",
		`{"location":"/","tdm-reservation":0}`:                                    "-ITY",
		`[{"location":"/","tdm-reservation":0}`:                                   "-ITY",
		`[{"location":"/","tdm-reservation":0}] x`:                                "-ITY",
		``: "-ITY",
		"[" + strings.Repeat(`{"location":"/x"},`, 2*maxLocations) + `{"location":"/x"}]`:           "-ITY",
		`[{"location":"/` + strings.Repeat("*a", maxPattern) + `","tdm-reservation":0}]`:            "-ITY",
		`[{"location":"/` + strings.Repeat("x", maxTDMRep) + `","tdm-reservation":0}]`:              "-ITY",
		`[{"location":"/","tdm-reservation":0},{"location":"/","tdm-reservation":1}]`:               "-ITY",
		`[{"location":"/w/1$","tdm-reservation":0},{"location":"/*","tdm-reservation":1,"x":null}]`: "-it-",
	} {
		diff(t, doc[:min(len(doc), 90)], want, brief(ReadTDMRep([]byte(doc), "https://loam.example/w/1", []Medium{Text})))
	}
}

func TestReadRobots(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"":                             "----",
		"User-agent: *\nAllow: /\n":    "----",
		"User-agent: *\nDisallow: /\n": "SITY",
		"User-agent: *\nDisallow:\n":   "----",
		"Disallow: /w\n":               "SITY",
		"User-agent: *\nDisallow: /w\nAllow: /w/1\n":                                                "----",
		"User-agent: *\nAllow: /w/1\nDisallow: /w/1\n":                                              "SITY",
		"User-agent: *\nDisallow: /w/1\nAllow: /w/1\n":                                              "SITY",
		"User-agent: *\nDisallow: /*/1$\n":                                                          "SITY",
		"User-agent: *\nDisallow: /x\n":                                                             "----",
		"user-agent : a\nUSER-AGENT: * # all\r\nDisallow : /\r\n":                                   "SITY",
		"User-agent: a\nDisallow: /\n":                                                              "----",
		"User-agent: GPTBot\nDisallow: /\n":                                                         "--TY",
		"User-agent: OAI-SearchBot\nUser-agent: CCBot\nDisallow: /\n":                               "-ITY",
		"User-agent: GPTBot\nDisallow: /w\nUser-agent: GPTBot\nAllow: /w/1":                         "----",
		"User-agent: *\nContent-Signal: search=yes, ai-train=no\n":                                  "s-TY",
		"Content-Signal: ai-train=yes\n":                                                            "--t-",
		"User-agent: a\nContent-Signal: search=yes, ai-train=no\n":                                  "--TY",
		"User-agent: *\nContent-Signal: ai-train=yes\nContent-Signal: ai-train=no\n":                "--TY",
		"User-agent: *\nContent-Usage: / train-ai=n\nContent-Usage: /w/ train-ai=y\n":               "--t-",
		"User-agent: *\nContent-Usage: /w/ train-ai=y\nContent-Usage: /w/ train-ai=n\n":             "--TY",
		"User-agent: *\nContent-Usage: train-ai=n\n":                                                "--TY",
		"User-agent: *\nContent-Usage: /x train-ai=n\n":                                             "----",
		"User-agent: a\nContent-Usage: / train-ai=n\nUser-agent: *\nContent-Usage: /w/1 train-ai=y": "--TY",
		"User-agent: *\nContent-Usage: / TRAIN-AI=y\n":                                              "SITY",
		"\ufeffUser-agent: *\nDisallow: /\n":                                                        "SITY",
		"nonsense\n:\n\x00\n":                                                                       "----",
		"User-agent: *\nDisallow: /" + strings.Repeat("*a", maxPattern):                             "SITY",
		strings.Repeat("#", maxRobots+1):                                                            "SITY",
		"User-agent: *\n" + strings.Repeat("Allow: /\n", maxRules+1):                                "SITY",
		"License: https://a.example/1\n" + strings.Repeat("License: https://a.example/1\n", 100):    "----",
		"License: " + strings.Join(strings.SplitAfter("abcdefghijklmnopq", ""), "\nLicense: "):      "SITY",
	} {
		s, _ := ReadRobots([]byte(body), "https://loam.example/w/1", []Medium{Text})
		diff(t, body[:min(len(body), 90)], want, brief(s))
	}
	_, licences := ReadRobots([]byte("License: https://a.example/1\nUser-agent: *\nlicense:https://a.example/2 # x\nLicense: https://a.example/1\n"), "/", nil)
	diff(t, "licences", []string{"https://a.example/1", "https://a.example/2"}, licences)
	if s, _ := ReadRobots(nil, "nowhere", nil); brief(s) != "SITY" {
		t.Errorf("a page nobody can tell: %s", brief(s))
	}
}

// TestMediaUnknown: a yes to training opens no medium that the work is not known to have.
func TestMediaUnknown(t *testing.T) {
	t.Parallel()
	for _, media := range [][]Medium{nil, {"smell"}, {Audio}} {
		s := ReadContentUsage("train-ai=y", media)
		for _, u := range allTraining() {
			if want := len(media) == 1 && media[0] == Audio && u == loam.UseTrainAudio; (s[u].Answer == Allow) != want {
				t.Errorf("%v: %s is %v", media, u, s[u].Answer)
			}
		}
		if len(s) != len(loam.Uses()) {
			t.Errorf("%v: %d uses", media, len(s))
		}
	}
}
