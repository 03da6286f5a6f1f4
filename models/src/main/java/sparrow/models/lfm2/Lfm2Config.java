package sparrow.models.lfm2;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.models.config.JsonConfig;

/**
 * The {@code config.json} of an LFM2-Audio checkpoint, but for its sections about the audio encoder.
 *
 * @param json the whole file
 * @param backbone its section {@code lfm}
 * @param codebooks codes of a frame
 * @param interleave text ids and frames of a cycle
 * @param depthLayers layers of the depth decoder
 * @param depthWidth channels of the depth decoder
 */
record Lfm2Config(
        JsonConfig json,
        JsonConfig backbone,
        int codebooks,
        InterleaveFormat interleave,
        int depthLayers,
        int depthWidth) {
    /** The entry of {@code architectures} that names the family. */
    static final String ARCHITECTURE = "Lfm2AudioForConditionalGeneration";

    /** Query heads of the depth decoder, which no file tells. */
    static final int DEPTH_HEADS = 32;

    /** Key and value heads of the depth decoder, which no file tells. */
    static final int DEPTH_KV_HEADS = 8;

    /** No frame comes near so many codes. */
    static final int MOST_CODEBOOKS = 1 << 10;

    /** No depth decoder comes near such a width. */
    static final int MOST_DEPTH_WIDTH = 1 << 20;

    /**
     * Reads the file of a folder.
     *
     * @throws sparrow.formats.weights.BadFileException naming the key that is missing, contradictory or unknown to us
     * @throws IOException if the file cannot be read
     */
    static Lfm2Config read(Path folder) throws IOException {
        return of(JsonConfig.read(folder.resolve("config.json")));
    }

    /** Returns the same of what stands for such a file. */
    static Lfm2Config of(JsonConfig json) {
        JsonConfig depth = json.section("depthformer");
        int width = depth.positive("dim");
        if (width % (2 * DEPTH_HEADS) != 0) {
            throw depth.wrong("dim", "an even share for each of " + DEPTH_HEADS + " heads");
        }
        if (width > MOST_DEPTH_WIDTH) throw depth.wrong("dim", "at most " + MOST_DEPTH_WIDTH);
        int codebooks = json.positive("codebooks");
        if (codebooks > MOST_CODEBOOKS) throw json.wrong("codebooks", "at most " + MOST_CODEBOOKS);
        return new Lfm2Config(
                json,
                json.section("lfm"),
                codebooks,
                new InterleaveFormat(json.positive("interleaved_n_text"), json.positive("interleaved_n_audio")),
                depth.positive("layers"),
                width);
    }

    /**
     * For each layer of the backbone whether it attends; the others convolve.
     *
     * @throws sparrow.formats.weights.BadFileException naming the key that is missing, contradictory or unknown to us
     */
    List<Boolean> attends() {
        return LayerKeys.attends(backbone, LayerKeys.FULL_ATTENTION);
    }
}
