package sparrow.models.lfm2;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.formats.JsonFile;

/**
 * The {@code config.json} of an LFM2-Audio checkpoint, without the audio encoder's sections.
 *
 * @param json the complete file
 * @param backbone the section {@code lfm}
 * @param codebooks the number of codes per frame
 * @param interleave the numbers of text ids and frames per cycle
 * @param depthLayers the number of layers in the depth decoder
 * @param depthWidth the number of channels in the depth decoder
 */
public record Lfm2Config(
        JsonFile json, JsonFile backbone, int codebooks, InterleaveFormat interleave, int depthLayers, int depthWidth) {
    /** The entry in {@code architectures} that names the family. */
    static final String ARCHITECTURE = "Lfm2AudioForConditionalGeneration";

    /** Number of query heads in the depth decoder, which no file contains. */
    public static final int DEPTH_HEADS = 32;

    /** Number of key and value heads in the depth decoder, which no file contains. */
    public static final int DEPTH_KV_HEADS = 8;

    /** Maximum number of codes in a frame, which is far more than any frame has. */
    static final int MAX_CODEBOOKS = 1 << 10;

    /** Maximum width, which is far more than any depth decoder has. */
    static final int MAX_DEPTH_WIDTH = 1 << 20;

    /**
     * Reads the file in a folder.
     *
     * @throws sparrow.formats.BadFileException if a key is missing, contradictory or not supported
     * @throws IOException if the file cannot be read
     */
    public static Lfm2Config read(Path folder) throws IOException {
        return of(JsonFile.read(folder.resolve("config.json")));
    }

    /** Reads a configuration with the same keys as the file. */
    static Lfm2Config of(JsonFile json) {
        JsonFile depth = json.section("depthformer");
        int width = depth.positive("dim");
        if (width % (2 * DEPTH_HEADS) != 0) {
            throw depth.wrong("dim", "an even share for each of " + DEPTH_HEADS + " heads");
        }
        if (width > MAX_DEPTH_WIDTH) throw depth.wrong("dim", "at most " + MAX_DEPTH_WIDTH);
        int codebooks = json.positive("codebooks");
        if (codebooks > MAX_CODEBOOKS) throw json.wrong("codebooks", "at most " + MAX_CODEBOOKS);
        return new Lfm2Config(
                json,
                json.section("lfm"),
                codebooks,
                new InterleaveFormat(json.positive("interleaved_n_text"), json.positive("interleaved_n_audio")),
                depth.positive("layers"),
                width);
    }

    /**
     * Returns, for each layer of the backbone, whether it is an attention layer rather than a convolution layer.
     *
     * @throws sparrow.formats.BadFileException if a key is missing, contradictory or not supported
     */
    public List<Boolean> attends() {
        return LayerKeys.attends(backbone, LayerKeys.FULL_ATTENTION);
    }
}
