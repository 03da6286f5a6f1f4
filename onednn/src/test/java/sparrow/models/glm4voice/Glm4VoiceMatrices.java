package sparrow.models.glm4voice;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import sparrow.formats.weights.TensorDescription;
import sparrow.models.gguf.PublishedModel;
import sparrow.models.random.HiftTensors;
import sparrow.models.random.RandomTensors;

/** The tensors beside the language model of GLM-4-Voice-9B, as {@code synth} writes them. */
public final class Glm4VoiceMatrices {
    private Glm4VoiceMatrices() {}

    /** Of the speech tokenizer, the flow and the vocoder; {@code folder} takes the files of the sizes. */
    public static Stream<TensorDescription> of(PublishedModel model, Path folder) throws IOException {
        RandomGlm4Voice.Sizes sizes = RandomGlm4Voice.Sizes.published(model);
        Files.writeString(folder.resolve("config.json"), sizes.speechTokenizer());
        Files.writeString(folder.resolve("preprocessor_config.json"), PublishedFiles.FEATURES);
        DecoderConfigs decoder =
                DecoderConfigs.read(Files.writeString(folder.resolve("config.yaml"), sizes.speechDecoder()));
        return Stream.of(
                        Glm4VoiceTensors.speechTokenizer(WhisperVqConfigs.config(folder)),
                        Glm4VoiceTensors.flow(decoder.flow()),
                        HiftTensors.of(decoder.hift()))
                .map(RandomTensors::descriptions)
                .flatMap(list -> list.stream());
    }
}
