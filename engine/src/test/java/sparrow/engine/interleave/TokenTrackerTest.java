package sparrow.engine.interleave;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** GLM-4-Voice's 13 : 26, by the rules that the evaluation data state. Step-Audio-2's is in {@link MarkedSpeechTest}. */
class TokenTrackerTest {
    /** Those of the bundled model. */
    private static final TokenSpace TOKENS = new TokenSpace(530, 512, 1042, Set.of(512, 519, 521));

    private static final int TEXT = 1;
    private static final int SPEECH = 530;

    private final FollowedReply tracker = tracker(13, 26);

    @Test
    void textAndSpeechAlternate() {
        for (int cycle = 0; cycle < 3; cycle++) {
            assertThat(places("t".repeat(13) + "s".repeat(26))).isEqualTo(run("T", 13) + run("S", 26));
            assertThat(tracker.speechTail()).isZero();
        }
        assertThat(place()).isEqualTo("T1 ");
    }

    @Test
    void speechAtATextPositionEndsTheTextAndStartsAChunk() {
        places("ttttt");
        assertThat(place()).isEqualTo("T6 ");

        places("s");

        assertThat(place()).isEqualTo("S2 ");
        assertThat(tracker.speechTail()).isEqualTo(1);
    }

    @Test
    void tailStaysInSpeechAndAChunkStartsAfterEveryTwentySix() {
        places("tttt");

        // The first of them was expected to be text; it is speech token 1 all the same.
        assertThat(places("s".repeat(120)))
                .isEqualTo("T5 " + run("S", 26).substring(3) + run("S", 26).repeat(3) + run("S", 16));
        assertThat(tracker.speechTail()).isEqualTo(120);
        assertThat(place()).isEqualTo("S17 ");
    }

    @Test
    void textThatEndsExactlyAtTheBorderAfterTextLeavesThatChunkWhole() {
        places("t".repeat(13));

        assertThat(places("s".repeat(26))).isEqualTo(run("S", 26));

        // Text is still expected: only now is it known to have ended.
        assertThat(tracker.speechTail()).isZero();
        assertThat(place()).isEqualTo("T1 ");
        assertThat(places("s".repeat(27))).isEqualTo("T1 " + run("S", 26).substring(3) + "S1 ");
        assertThat(tracker.speechTail()).isEqualTo(27);
        assertThat(place()).isEqualTo("S2 ");
    }

    @Test
    void textAtASpeechPositionStartsATextRunWithItself() {
        places("t".repeat(13) + "sssss");
        assertThat(place()).isEqualTo("S6 ");

        places("t");

        assertThat(place()).isEqualTo("T2 ");
        assertThat(places("t".repeat(12) + "s")).endsWith("T13 S1 ");
    }

    @Test
    void textAfterTheTailOpensTheTextAgain() {
        places("tt" + "s".repeat(30) + "t");

        assertThat(tracker.speechTail()).isZero();
        assertThat(place()).isEqualTo("T2 ");
        assertThat(places("t".repeat(12) + "s".repeat(26)))
                .isEqualTo(run("T", 13).substring(3) + run("S", 26));
        assertThat(place()).isEqualTo("T1 ");
    }

    @Test
    void textAtTheFirstPositionOfAChunkStartsATextRun() {
        places("t".repeat(13) + "t");

        assertThat(place()).isEqualTo("T2 ");
    }

    @Test
    void replyMayBeSpeechFromTheFirstToken() {
        assertThat(places("sss")).isEqualTo("T1 S2 S3 ");
        assertThat(tracker.speechTail()).isEqualTo(3);
    }

    @Test
    void runsOfOneTokenEachAlternate() {
        FollowedReply single = tracker(1, 1);
        for (int cycle = 0; cycle < 3; cycle++) {
            assertThat(single.modality()).isEqualTo(Modality.TEXT);
            single.accept(TEXT);
            assertThat(single.modality()).isEqualTo(Modality.SPEECH);
            single.accept(SPEECH);
        }
        // A second text token takes the place of the speech, and speech follows it.
        single.accept(TEXT);
        single.accept(TEXT);
        assertThat(single.modality()).isEqualTo(Modality.SPEECH);
        assertThat(single.chunkPosition()).isEqualTo(1);
    }

    /** The exits of the even schedule tell the place of every token that the independent reference decided. */
    @Test
    void placesAreThoseOfTheReferencesReplies() throws IOException {
        Path replies = Path.of(System.getProperty("sparrow.testdata"), "demo-eval", "replies");
        for (String schedule :
                List.of("even-8 FE 8", "odd-8 EF 8", "triple-8 FEE 8", "triple-10 FEE 10", "even-6 FE 6")) {
            String[] parts = schedule.split(" ", -1);
            int tokens = 0;
            for (String line : Files.readAllLines(replies.resolve(parts[0] + ".jsonl"))) {
                tokens += checkReply(new ObjectMapper().readTree(line), parts[1], Integer.parseInt(parts[2]));
            }
            assertThat(tokens).isGreaterThan(5_000);
        }
    }

    private static FollowedReply tracker(int textTokens, int speechTokens) {
        return new FollowedReply(new InterleaveFormat(textTokens, speechTokens), TOKENS, TEXT);
    }

    private static int checkReply(JsonNode reply, String pattern, int layer) {
        FollowedReply tracker = tracker(13, 26);
        int tokens = reply.get("tokens").size();
        for (int i = 0; i < tokens; i++) {
            boolean speech = tracker.modality() == Modality.SPEECH;
            boolean early = speech && pattern.charAt((tracker.chunkPosition() - 1) % pattern.length()) == 'E';
            String what = "%s, token %d".formatted(reply.path("id").asText(), i);
            assertThat(speech).as(what).isEqualTo(reply.get("speech").get(i).asInt() == 1);
            assertThat(reply.get("exit").get(i).asInt() == layer).as(what).isEqualTo(early);
            tracker.accept(reply.get("tokens").get(i).asInt());
        }
        return tokens;
    }

    /** The place of each token as it is decided, e.g. "T1 T2 S1 "; in the input t is text and s speech. */
    private String places(String decided) {
        List<String> places = new ArrayList<>();
        for (char token : decided.toCharArray()) {
            places.add(place());
            tracker.accept(token == 's' ? SPEECH : TEXT);
        }
        return String.join("", places);
    }

    private String place() {
        return (tracker.modality() == Modality.TEXT ? "T" : "S") + tracker.chunkPosition() + " ";
    }

    private static String run(String letter, int length) {
        StringBuilder run = new StringBuilder();
        for (int i = 1; i <= length; i++) run.append(letter).append(i).append(' ');
        return run.toString();
    }
}
