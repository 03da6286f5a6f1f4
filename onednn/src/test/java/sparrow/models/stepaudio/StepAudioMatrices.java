package sparrow.models.stepaudio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import sparrow.formats.weights.TensorDescription;
import sparrow.models.gguf.PublishedModel;
import sparrow.models.random.HiftTensors;
import sparrow.models.random.RandomTensors;
import sparrow.speech.hift.HiftConfig;

/** The tensors beside the language model of Step-Audio-2-mini, as {@code synth} writes them. */
public final class StepAudioMatrices {
    private StepAudioMatrices() {}

    /** Of the audio encoder, the flow and the vocoder; {@code folder} takes the files of the sizes. */
    public static Stream<TensorDescription> of(PublishedModel model, Path folder) throws IOException {
        RandomStepAudio.Sizes sizes = RandomStepAudio.Sizes.published(model);
        Files.writeString(
                folder.resolve("config.json"),
                sizes.config().formatted(model.config().layers()));
        Path flow = Files.writeString(folder.resolve("flow.yaml"), sizes.flow());
        return Stream.of(
                        StepAudioTensors.audioEncoder(
                                StepAudioConfig.read(folder).audioEncoder(), sizes.adaptorWidth()),
                        StepAudioTensors.flow(Token2WavConfigs.read(flow)),
                        HiftTensors.of(HiftConfig.token2wav(sizes.vocoderChannels(), sizes.vocoderChannels())))
                .map(RandomTensors::descriptions)
                .flatMap(list -> list.stream());
    }
}
