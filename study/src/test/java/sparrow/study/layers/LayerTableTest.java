package sparrow.study.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sparrow.app.report.Mean;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.EarlyTokenAgreement;
import sparrow.engine.reply.StopReason;
import sparrow.study.data.Item;
import sparrow.study.data.Task;
import sparrow.study.layers.LayerReadings.Answered;
import sparrow.study.layers.LayerSounds.LayerSound;
import sparrow.study.layers.LayerTable.Agreement;
import sparrow.study.layers.ReplyReading.LayerReading;
import sparrow.study.run.KeptReply;
import sparrow.study.run.QuestionSet;
import sparrow.study.run.StudyQuestion;

/** The table of a few replies made by hand, against sums done by hand. */
class LayerTableTest {
    /** One text position, then speech positions of a chunk of two. */
    private static ReplyReading reply(List<Integer> chunkPositions, List<Integer> ranks) {
        String modalities = "T" + "S".repeat(ranks.size() - 1);
        List<Integer> tokens = ranks.stream().map(rank -> 7).toList();
        KeptReply kept = new KeptReply(
                "",
                StopReason.END_TOKEN,
                3,
                units(tokens),
                modalities,
                chunkPositions,
                tokens,
                tokens.stream().map(token -> 0).toList(),
                ComputeStats.NONE,
                EarlyTokenAgreement.NONE,
                null,
                null);
        return new ReplyReading(
                kept,
                List.of(layer(2, ranks), layer(4, ranks.stream().map(rank -> 0).toList())));
    }

    /** A layer whose entropy is a tenth and whose divergence is twice its rank. */
    private static List<Unit> units(List<Integer> ids) {
        return ids.stream().<Unit>map(Unit.Token::new).toList();
    }

    private static LayerReading layer(int layer, List<Integer> ranks) {
        return new LayerReading(
                layer,
                units(ranks),
                ranks,
                ranks.stream().map(rank -> rank / 10f).toList(),
                ranks.stream().map(rank -> 2f * rank).toList());
    }

    private final List<Answered> replies = List.of(
            answered("q0", "a", reply(List.of(1, 1, 2, 1), List.of(0, 0, 5, 4))),
            answered("q1", "b", reply(List.of(1, 1, 2), List.of(Reading.UNKNOWN, 1, 0))));

    private static Answered answered(String id, String fact, ReplyReading reading) {
        Item item = new Item(id, "question", Optional.empty(), List.of(fact));
        QuestionSet set = new QuestionSet("demo", Task.REFERENCE_ANSWERS, List.of(item));
        return new Answered(StudyQuestion.of(List.of(set)).getFirst(), reading);
    }

    @Test
    void keepsTextAndSpeechApart() {
        LayerTable table = LayerTable.of(replies, List.of());

        assertThat(table.replies()).isEqualTo(2);
        assertThat(table.layers()).containsExactly(2, 4);
        Agreement speech = table.of(Modality.SPEECH).getFirst().means();
        assertThat(speech.positions()).isEqualTo(5);
        assertThat(speech.agreement().value()).isEqualTo(2 / 5.0);
        assertThat(speech.topFive().value()).isEqualTo(4 / 5.0); // ranks 0, 4, 1 and 0, but not 5
        assertThat(speech.entropy().value()).isCloseTo(1.0 / 5, within(1e-6));
        assertThat(speech.divergence().value()).isEqualTo(20 / 5.0);
        Agreement text = table.of(Modality.TEXT).getFirst().means();
        assertThat(text.positions()).isEqualTo(2);
        assertThat(text.agreement().value()).isEqualTo(0.5);
        assertThat(text.topFive().value()).isEqualTo(0.5); // an unknown token is in no five
        assertThat(table.of(Modality.SPEECH).getLast().means().agreement()).isEqualTo(new Mean(1.0, 0.0, 2));
    }

    @Test
    void hasOneCellForEveryPlaceOfTheChunks() {
        LayerTable table = LayerTable.of(replies, List.of());

        List<LayerTable.Place> places = table.placesOf(Modality.SPEECH).stream()
                .filter(place -> place.layer() == 2)
                .toList();
        assertThat(places).extracting(LayerTable.Place::chunkPosition).containsExactly(1, 2);
        assertThat(places).extracting(place -> place.means().positions()).containsExactly(3, 2);
        assertThat(places)
                .extracting(place -> place.means().agreement().value())
                .containsExactly(1 / 3.0, 1 / 2.0);
        assertThat(table.placesOf(Modality.TEXT)).hasSize(2);
    }

    @Test
    void leavesAModalityOutThatNothingWasExpectedIn() {
        KeptReply silent = new KeptReply(
                "",
                StopReason.END_TOKEN,
                3,
                Unit.tokens(7),
                "T",
                List.of(1),
                List.of(4),
                List.of(0),
                ComputeStats.NONE,
                EarlyTokenAgreement.NONE,
                null,
                null);

        LayerTable table = LayerTable.of(
                List.of(answered("q0", "a", new ReplyReading(silent, List.of(layer(4, List.of(0)))))), List.of());

        assertThat(table.modalities()).extracting(LayerTable.Row::modality).containsExactly(Modality.TEXT);
    }

    @Test
    void repliesAboutAFactAreOneObservation() {
        List<Answered> twice = List.of(
                replies.get(0),
                answered("q2", "a", replies.get(0).reading()),
                replies.get(1),
                answered("q3", "b", replies.get(1).reading()));

        Agreement once =
                LayerTable.of(replies, List.of()).of(Modality.SPEECH).getFirst().means();
        Agreement again =
                LayerTable.of(twice, List.of()).of(Modality.SPEECH).getFirst().means();

        assertThat(again.positions()).isEqualTo(10);
        assertThat(again.agreement().standardError()).isCloseTo(once.agreement().standardError(), within(1e-12));
    }

    /** A reply with the scores and transcripts of layers 2 and 4. */
    private LayerSounds.Sounded sounded(int reply, Double mos, String heard, double mosOfLast, String heardOfLast) {
        return new LayerSounds.Sounded(
                replies.get(reply),
                List.of(
                        new LayerSound(2, null, "one", heard, mos),
                        new LayerSound(4, null, "one two", heardOfLast, mosOfLast)),
                List.of());
    }

    @Test
    void hasTheScoresOfTheLayersThatCouldBeHeard() {
        LayerTable table =
                LayerTable.of(replies, List.of(sounded(0, 1.0, "a", 3.0, "a"), sounded(1, null, null, 4.0, "b")));

        assertThat(table.of(Modality.SPEECH))
                .extracting(LayerTable.Row::mos)
                .containsExactly(new Mean(1.0, null, 1), new Mean(3.5, 0.5, 2));
        assertThat(table.of(Modality.SPEECH))
                .extracting(LayerTable.Row::mosDifference)
                .containsExactly(new Mean(-2.0, null, 1), new Mean(0.0, 0.0, 2));
        assertThat(table.of(Modality.TEXT)).extracting(LayerTable.Row::mos).containsOnlyNulls();
    }
}
