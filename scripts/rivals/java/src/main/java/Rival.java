import com.github.houbb.sensitive.word.bs.SensitiveWordBs;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/** Runs houbb/sensitive-word by the protocol of scripts/rivals. */
public class Rival {
  public static void main(String[] args) throws Exception {
    List<String> phrases = Files.readAllLines(Path.of(args[1]));
    List<String> texts = Files.readAllLines(Path.of(args[2]));
    boolean all = args[0].equals("all");
    long begun = System.nanoTime();
    SensitiveWordBs words = SensitiveWordBs.newInstance()
        .ignoreCase(all).ignoreWidth(all).ignoreNumStyle(all).ignoreChineseStyle(all).ignoreEnglishStyle(all).ignoreRepeat(all)
        .enableNumCheck(false).enableEmailCheck(false).enableUrlCheck(false).enableIpv4Check(false).enableWordCheck(true)
        .wordDeny(() -> phrases).wordAllow(Collections::emptyList)
        .init();
    System.out.println("ready " + (System.nanoTime() - begun) / 1_000_000);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    for (int i = 0; i < 20; i++) pass(words, texts); // the compiler's warm-up
    while (in.readLine() != null) {
      long start = System.nanoTime();
      long hits = pass(words, texts);
      System.out.println((System.nanoTime() - start) + " " + hits);
    }
  }

  private static long pass(SensitiveWordBs words, List<String> texts) {
    long hits = 0;
    for (String text : texts) hits += words.findAll(text).size();
    return hits;
  }
}
