package studio

import (
	"slices"
	"strings"
	"testing"

	"loam"
	"loam/internal/text"
)

// meaning is what must hold of a draft whatever its layout: its kind if one is given, what
// no title, line or page may say, what has to stand whole in the body, and what no question
// asks.
type meaning struct {
	idea  string
	kind  loam.NoteKind
	never []string // in titles, lines of the body and pages
	whole []string // in the body
	unask []string
	least int // titles
}

var meanings = map[string]meaning{
	"two sunscreens in a chat": {
		idea:  "小雨: 防晒你买了没\n我: 买了两个，A那个38块，成膜很快，但会搓泥\n小雨: B呢\n我: B是89的，不搓泥，就是油\n我: 夏天通勤我用B，在家用A",
		never: []string{"会搓泥，但不搓泥", "成膜很快 · ", " · 在家用A", "加分"},
		whole: []string{"夏天通勤我用B，在家用A"},
	},
	"two sunscreens by letter, the price inside": {
		idea:  "小雨: 防晒你买了没\n我: 买了两个，A那个38块，会搓泥，但是成膜快\n我: B那个89块不搓泥但有点油",
		never: []string{"会搓泥，但B", "有点油，但B那个", "会搓泥，但不搓泥", "加分"},
	},
	"two sunscreens by brand": {
		idea:  "两支防晒我都用完了。安热沙89块不搓泥但是有点油。碧柔38块会搓泥，成膜很快。",
		never: []string{"有点油，但", "会搓泥，但", "加分", "留意"},
		whole: []string{"安热沙89块不搓泥但是有点油。碧柔38块会搓泥，成膜很快。"},
	},
	"three vacuum cleaners by brand": {
		idea:  "三台吸尘器都用过了。戴森吸力大但是噪音大，3000块。小米的便宜，才499，噪音小，就是续航短。添可能洗地，1800，很重，自清洁方便。",
		never: []string{"留意", "加分", "噪音小，但", "才499，噪音小｜", " · "},
		whole: []string{"小米的便宜，才499，噪音小，就是续航短。"},
	},
	"three vacuum cleaners by letter": {
		idea:  "家里三台吸尘器用下来：A吸力强，B噪音小，C轻便好收纳，我最后留了B",
		never: []string{"留意", "－ 噪音小", " · ", "噪音小，但", "－ "},
	},
	"three vacuum cleaners with prices": {
		idea:  "对比了三款吸尘器，戴森V8 1999元吸力大，小米599元噪音小，美的399元轻便，都用了两个月",
		never: []string{"留意", "噪音小，但", "但美的"},
		whole: []string{"小米599元噪音小，美的399元轻便，都用了两个月"},
	},
	"two keyboards": {
		idea:  "用了半年的两个键盘，红轴的便宜，200块，手感软；茶轴的贵，400块，声音大。",
		never: []string{"200块｜两个", "加分", "留意", "便宜、手感软", " · "},
	},
	"two tea shops": {
		idea:  "两家奶茶店对比：茶颜人均18，排队久；喜茶人均20，不用排队",
		never: []string{"排队久，但", "加分", "留意"},
	},
	"three ramen shops": {
		idea:  "We tried three ramen shops. Ichiban has great broth, 12 dollars. Menya is noisy, 10 dollars. Kaze is cheap but slow.",
		never: []string{"slow, but", "Good", "Mind"},
	},
	"letters that begin words": {
		idea:  "A股跌了一天，B站的股票也跌了，我把手机放下去楼下走了走，风很舒服",
		kind:  loam.KindDaily,
		whole: []string{"A股跌了一天，B站的股票也跌了"},
	},
	"a price spoken": {
		idea:  "嗯那个就是我今天想跟大家说一下那个糖醋里脊怎么做啊首先里脊肉切条大概四块钱吧差不多就这样然后加淀粉抓匀腌十分钟把淀粉裹上油温六成热下锅炸到金黄捞出来再炸一遍最后调个糖醋汁倒进去翻一下就可以了",
		never: []string{"那个就是", "大概四块\n", "十分钟把", "用料"},
		whole: []string{"大概四块钱吧"},
		unask: []string{"淀粉", "钱"},
	},
	"a price of two units spoken": {
		idea:  "那个就是我今天想说一下我去菜市场买了点豆腐大概四块钱吧差不多就这样然后回来切块煎一下煎到两面金黄然后放酱油和糖焖十分钟把淀粉水倒进去收汁就好了然后一块五毛钱的葱也放点",
		never: []string{"那个就是", "今天想", "十分钟把"},
		whole: []string{"大概四块钱吧", "一块五毛钱的葱"},
		unask: []string{"淀粉", "钱"},
	},
	"a beginning of fillers": {
		idea:  "那个就是我今天想那个然后先把土豆切块大概三毛钱一个吧然后下锅煮十分钟捞出来再压成泥最后放盐拌匀",
		never: []string{"那个就是我今天想｜", "三毛\n", "三毛 "},
		whole: []string{"大概三毛钱一个吧"},
	},
	"an article of rooms": {
		idea:  articleOfRooms,
		never: []string{"三千块，只做了一件事五百", "问：为什么先看光？｜", "后悔的有三件，但", "五百块以内｜租房改造记"},
		least: 8,
	},
	"a haircut and the day after": {
		idea:  "第一次在小区门口的理发店剪头发，20元。师傅问我要多短，我说你看着办。结果第二天同事都没认出来。",
		kind:  loam.KindDaily,
		whole: []string{"我说你看着办。结果第二天同事都没认出来。"},
		unask: []string{"几月去的"},
	},
	"a haircut spoken": {
		idea:  "昨天去理发20元师傅一边剪一边跟我聊他年轻的时候在广州打工住过的房子结果我一照镜子剪得特别短然后回家路上我妈说挺精神的",
		kind:  loam.KindDaily,
		never: []string{"房子结果，", "广州打工住过的房子结果"},
		whole: []string{"结果我一照镜子剪得特别短"},
	},
	"a week of lunches by lines": {
		idea:  "一周带饭清单\n周一番茄牛腩\n周二青椒肉丝，前一天晚上切好，早上炒十分钟就能装进盒子里带走，不会变色\n周三咖喱鸡\n周四卤鸡腿\n周五炒面",
		kind:  loam.KindList,
		whole: []string{"1. 周一番茄牛腩", "2. 周二青椒肉丝，前一天晚上切好，早上炒十分钟就能装进盒子里带走，不会变色", "5. 周五炒面"},
	},
	"a week of lunches by commas": {
		idea:  "一周带饭清单：周一番茄炒蛋；周二青椒肉丝；周三咖喱土豆；周四红烧豆腐；周五剩菜炒饭。周日晚上一起备好，装六个盒子。",
		kind:  loam.KindList,
		whole: []string{"1. 周一番茄炒蛋", "5. 周五剩菜炒饭", "周日晚上一起备好，装六个盒子"},
	},
	"three days in English": {
		idea:  "Three days in Lisbon with my mum. Day 1 we took tram 28 to Alfama and had custard tarts, 1.30 euros each. Day 2 Sintra by train, bus 28. Day 3 rain, we stayed in and did the tile museum, 8 euros.",
		kind:  loam.KindTravel,
		never: []string{"28. Day 3"},
		whole: []string{"Day 3\n· rain"},
		least: 3,
	},
	"a cafe in English": {
		idea:  "A small cafe near the river, quiet, window seats. Flat white $4.50, the croissant is a bit dry. Parking is hard.",
		kind:  loam.KindShop,
		never: []string{"seats | Flat white", "seats. Flat"},
		whole: []string{"Menu\n· Flat white $4.50", "· the croissant is a bit dry"},
	},
	"a price a person in English": {
		idea:  "A café by the lake, 35 a person, window seats, good latte, hard to park",
		kind:  loam.KindShop,
		whole: []string{"35 a person · window seats", "Mind\n· hard to park"},
	},
	"a recipe in English": {
		idea:  "Sweet potato fries in the air fryer, a finger thick, soak 10 minutes, 15 minutes at 180, turn, 10 more, no oil, my first batch was too thin and burnt",
		kind:  loam.KindFood,
		whole: []string{"4. turn\n5. 10 more", "my first batch was too thin and burnt"},
	},
	"a how-to in English": {
		idea:  "How to make cold brew at home: grind 60g coffee, add 700ml water, leave it in the fridge for 12 hours, then filter. I ground it too fine the first time and it was bitter.",
		kind:  loam.KindTutorial,
		whole: []string{"1. grind 60g coffee\n2. add 700ml water"},
	},
	"two sunscreens in English": {
		idea:  "Two sunscreens after three months, A costs 38 and dries fast but pills, B costs 89 and does not pill but stays greasy, my skin is oily",
		kind:  loam.KindTest,
		never: []string{"pills, but does not pill", "greasy, but dries fast"},
		whole: []string{"A | 38\n＋ dries fast\n－ pills", "B | 89\n＋ does not pill\n－ stays greasy"},
	},
	"a list in English": {
		idea:  "Packing list for a weekend hike:\n- rain jacket\n- two litres of water\n- head torch\n- plasters",
		kind:  loam.KindList,
		whole: []string{"1. rain jacket", "4. plasters"},
	},
}

// articleOfRooms has headings with colons, questions and a list at its end.
var articleOfRooms = "# 租房改造记：三千块\n\n" + strings.Repeat("房子在城东，一室一厅，租了两年，房东说墙可以刷，家具可以挪。我一开始只想换个窗帘，后来越改越多，前后花了两个月的周末。\n\n", 3) +
	"## 先看光\n\n问：为什么先看光？\n\n问：灯要多亮？\n\n问：要不要换沙发？\n\n问：墙可以刷吗？\n\n" + strings.Repeat("老房子最大的问题是暗。客厅朝北，下午三点就要开灯。光对一个房间的影响，比家具大得多。很多人一上来就买沙发。\n\n", 4) +
	"## 只做了一件事：五百块以内\n\n" + strings.Repeat("预算有限的时候，不要每样都买一点。颜色选的是带一点灰的米白，不要选纯白，纯白会显得冷，而且很容易脏。\n\n", 4) +
	"## 哪里后悔\n\n后悔的有三件。一是买了一块很大的地毯，掉毛，吸尘器吸不动。我的答案是：最值的是墙和灯，最不值的是地毯。\n\n## 最后算账\n\n1. 灯\n2. 墙\n3. 家具\n4. 花洒"

func TestArticleAsks(t *testing.T) {
	t.Parallel()
	a, err := Arrange(Input{Idea: articleOfRooms})
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, title := range a.Titles {
		if strings.HasSuffix(title.Text, "？") {
			asked++
		}
		if strings.Contains(title.Text, "问：") {
			t.Errorf("title %s", title.Text)
		}
	}
	if asked > 2 {
		t.Errorf("%d titles ask: %v", asked, a.Titles)
	}
}

// TestCountOfAList: only a number of several things is held against a list.
func TestCountOfAList(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		title, body string
		want        bool
	}{
		{"今年读完的5本书", "1. 甲\n2. 乙\n3. 丙", true},
		{"只做了一件事五百块以内", "1. 甲\n2. 乙\n3. 丙\n4. 丁", false},
		{"两个周末刷完的墙", "1. 甲\n2. 乙\n3. 丙", false},
		{"后悔的三件", "1. 甲\n2. 乙\n\n1. 丙\n2. 丁", false},
	} {
		got := slices.ContainsFunc(Checks(text.Xiaohongshu(), c.title, c.body, nil, nil), func(k Check) bool { return k.Rule == "count" })
		if got != c.want {
			t.Errorf("%s: count %v, want %v", c.title, got, c.want)
		}
	}
}

func TestMeaning(t *testing.T) {
	t.Parallel()
	for name, m := range meanings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, err := Arrange(Input{Idea: m.idea})
			if err != nil {
				t.Fatal(err)
			}
			if m.kind != "" && a.Kind != m.kind {
				t.Errorf("kind %s, want %s", a.Kind, m.kind)
			}
			said := strings.Split(a.Body, "\n")
			for _, title := range a.Titles {
				said = append(said, title.Text)
			}
			for _, p := range a.Pages {
				said = append(said, strings.Split(pageText(p), "\n")...)
			}
			for _, no := range m.never {
				if i := slices.IndexFunc(said, func(s string) bool { return strings.Contains(s, no) }); i >= 0 {
					t.Errorf("%q is said in %q", no, said[i])
				}
			}
			for _, s := range m.whole {
				if !strings.Contains(a.Body, s) {
					t.Errorf("%q does not stand in\n%s", s, a.Body)
				}
			}
			for _, q := range a.Asks {
				for _, no := range m.unask {
					if strings.Contains(q.Text, no) {
						t.Errorf("asked: %s", q.Text)
					}
				}
			}
			if len(a.Titles) < m.least {
				t.Errorf("%d titles, want %d: %v", len(a.Titles), m.least, a.Titles)
			}
		})
	}
}

// TestPolarityOfMeasures: of a bad thing little is praise, of a good one much.
func TestPolarityOfMeasures(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]role{
		"噪音小": rolePlus, "噪音不大": rolePlus, "噪音很小": rolePlus, "没有异味": rolePlus, "噪音大": roleMinus, "噪音有点大": roleMinus, "有异味": roleMinus,
		"吸力强": rolePlus, "吸力很大": rolePlus, "续航短": roleMinus, "吸力不大": roleMinus,
	} {
		n := understand(Input{Idea: "吸尘器，" + s, Kind: loam.KindGoods})
		if got := n.clauses[1].role; got != want {
			t.Errorf("%s: role %d, want %d", s, got, want)
		}
	}
}
