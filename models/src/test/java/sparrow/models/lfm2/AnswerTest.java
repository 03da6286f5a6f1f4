package sparrow.models.lfm2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Unit;
import sparrow.models.OpenOptions;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.chat.ChatMeasure;
import sparrow.models.frame.GoldenUnits;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ReplyListener;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** A question in, an answer out, with the tiny checkpoints of the golden data: noise, but as much as was decided. */
class AnswerTest {
    private static final int UNITS = 60;

    static List<String> sets() {
        return LfmGolden.names();
    }

    @ParameterizedTest
    @MethodSource("sets")
    void anAnswerHasTheSoundOfItsFramesAndTheNextOneFollowsIt(String set) throws IOException {
        Waveform question = WavFile.read(LfmGolden.FOLDER.resolve("wav/b_second24k.wav"));
        try (ComputePool threads = new ComputePool(1);
                SpokenModel model = SpokenModels.open(
                        LfmGolden.FOLDER.resolve(set),
                        new OpenOptions(Optional.empty(), Optional.empty()),
                        Kernels.create(threads))) {
            Conversation conversation =
                    new Conversation(model, ExitPlan.NONE, Sampling.GREEDY, Limits.newTokens(UNITS));

            Answer first = conversation.ask(new Question.Spoken(question), ReplyListener.NONE);
            Answer second = conversation.ask(new Question.Typed("And then?"), ReplyListener.NONE);

            for (Answer answer : List.of(first, second)) {
                long heard = answer.reply().units().stream()
                        .filter(unit -> model.languageModel().units().codes(unit).length > 0)
                        .count();
                assertThat(heard).isPositive();
                assertThat(answer.speech().samples()).hasSize(1920 * (int) heard);
            }
            assertThat(second.reply().units()).hasSizeBetween(1, UNITS);
            assertThat(conversation.length()).isGreaterThan(first.prompt().tokens().length + UNITS);
        }
    }

    @ParameterizedTest
    @MethodSource("sets")
    void aReplyIsCutBehindTheLastFrameThatWasHeard(String set) throws IOException {
        LfmGolden golden = LfmGolden.of(set);
        List<Unit> reply =
                GoldenUnits.events(golden.json("generate").path("interleaved").path("events"));
        try (ComputePool threads = new ComputePool(1);
                SpokenModel model = SpokenModels.open(
                        LfmGolden.FOLDER.resolve(set),
                        new OpenOptions(Optional.empty(), Optional.empty()),
                        Kernels.create(threads))) {
            List<Unit> cut = ChatMeasure.of(model).heardPart(reply, 0.25);

            assertThat(cut).isEqualTo(reply.subList(0, cut.size())).endsWith(cut.getLast());
            assertThat(cut.stream().filter(Unit.Frame.class::isInstance)).hasSize(3);
            assertThat(cut.getLast()).isInstanceOf(Unit.Frame.class);
            assertThat(ChatMeasure.of(model).heardPart(reply, 1000)).isEqualTo(reply);
            assertThat(ChatMeasure.of(model).words(reply)).noneMatch(Unit.Frame.class::isInstance);
        }
    }
}
