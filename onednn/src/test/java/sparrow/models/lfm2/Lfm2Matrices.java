package sparrow.models.lfm2;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import sparrow.formats.weights.TensorDescription;
import sparrow.models.config.JsonConfig;
import sparrow.models.gguf.PublishedModel;
import sparrow.models.random.RandomTensors;

/** The tensors of LFM2.5-Audio-1.5B, as {@code synth} writes them. */
public final class Lfm2Matrices {
    private Lfm2Matrices() {}

    /** Of language model, ear, depth decoder, exit heads and detokenizer; {@code folder} takes the files of the sizes. */
    public static Stream<TensorDescription> of(PublishedModel model, Path folder) throws IOException {
        RandomLfm2.Sizes sizes = RandomLfm2.Sizes.published(model);
        int layers = model.config().layers();
        Files.writeString(folder.resolve("config.json"), sizes.config().formatted(layers, RandomLfm2.kinds(layers)));
        Lfm2Config config = Lfm2Config.read(folder);
        Path detokenizer = Files.writeString(folder.resolve("detokenizer.json"), sizes.detokenizer());
        return Stream.of(
                        Lfm2Tensors.model(
                                model.config(), config, sizes.depthFfn(), AudioEncoderConfigs.read(config.json())),
                        Lfm2Tensors.frameHeads(model.config(), config, model.exitLayers(layers)),
                        Lfm2Tensors.detokenizer(
                                DetokenizerConfigs.read(JsonConfig.read(detokenizer)),
                                config.codebooks(),
                                sizes.detokenizerFfn()))
                .map(RandomTensors::descriptions)
                .flatMap(list -> list.stream());
    }
}
