package sparrow.models.lfm2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.models.OpenOptions;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.gguf.AudioQuantisation;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.Quantisation;
import sparrow.models.gguf.Quantisations;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ReplyListener;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** Folders with a language model in GGUF: converted ones answer as their originals. */
class ConversionTest {
    @TempDir
    private Path folder;

    static List<String> sets() {
        return LfmGolden.names();
    }

    @ParameterizedTest
    @MethodSource("sets")
    void inItsOwnTypeItAnswersAsTheOriginal(String set) throws IOException {
        Path original = LfmGolden.FOLDER.resolve(set);
        Path converted = folder.resolve("converted");

        assertThat(SpokenModels.convert(
                        original,
                        Optional.empty(),
                        Quantisations.of(Quantisation.BF16),
                        converted,
                        ConversionListener.NONE))
                .isEmpty();

        Answer expected = answer(original, ExitPlan.NONE);
        Answer actual = answer(converted, ExitPlan.NONE);
        assertThat(actual.reply().units()).isEqualTo(expected.reply().units());
        assertThat(actual.speech().samples()).isEqualTo(expected.speech().samples());
        assertThatThrownBy(() -> SpokenModels.convert(
                        converted,
                        Optional.empty(),
                        Quantisations.of(Quantisation.BF16),
                        folder.resolve("again"),
                        ConversionListener.NONE))
                .hasMessageContaining("is already GGUF");
    }

    @Tag("full")
    @ParameterizedTest
    @EnumSource(AudioQuantisation.class)
    void soundIsConvertedWithIt(AudioQuantisation audio) throws IOException {
        Path converted = folder.resolve("converted");
        SpokenModels.convert(
                LfmGolden.FOLDER.resolve("a"),
                Optional.empty(),
                new Quantisations(Quantisation.Q8_0, audio),
                converted,
                ConversionListener.NONE);

        try (ComputePool threads = new ComputePool(1);
                SpokenModel original = open(LfmGolden.FOLDER.resolve("a"), threads);
                SpokenModel other = open(converted, threads)) {
            SoundDistance distance =
                    SoundDistance.of(other, original, WavFile.read(LfmGolden.FOLDER.resolve("wav/b_second24k.wav")));

            // The weights are bf16: f16 loses those alone that are too small for it.
            double most = audio == AudioQuantisation.Q8_0 ? 0.1 : 1e-5;
            assertThat(distance.heard()).isLessThan(most);
            assertThat(distance.spoken()).isLessThan(most);
            assertThat(distance.heard() > 1e-3).isEqualTo(audio == AudioQuantisation.Q8_0);
        }
        assertThat(answer(converted, ExitPlan.NONE).speech().samples()).hasSizeGreaterThan(1920);
    }

    private static Answer answer(Path folder, ExitPlan plan) throws IOException {
        Waveform question = WavFile.read(LfmGolden.FOLDER.resolve("wav/b_second24k.wav"));
        try (ComputePool threads = new ComputePool(1);
                SpokenModel model = open(folder, threads)) {
            return new Conversation(model, plan, Sampling.GREEDY, Limits.newTokens(40))
                    .ask(new Question.Spoken(question), ReplyListener.NONE);
        }
    }

    private static SpokenModel open(Path folder, ComputePool threads) throws IOException {
        return SpokenModels.open(folder, new OpenOptions(Optional.empty(), Optional.empty()), Kernels.create(threads));
    }
}
