package sparrow.models.lfm2;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import sparrow.formats.JsonFile;
import sparrow.formats.text.Tokenizer;
import sparrow.formats.weights.Checkpoint;
import sparrow.models.family.Lazy.Loading;
import sparrow.models.family.ModelFiles;
import sparrow.models.weights.Resources;

/**
 * The parts of an LFM2.5-Audio folder, independent of its file format. Tensors have the names in the published
 * safetensors, or in the files that {@code convert} writes.
 *
 * @param files the paths of the parts
 * @param config the sizes
 * @param tokenizer the text tokenizer
 * @param weightFormat the format and types of the language model's matrices, for display
 * @param backbone the language model's tensors
 * @param frames the tensors of the depth decoder and the code embedding
 * @param audioEncoder a function that opens the audio encoder's tensors
 * @param detokenizerConfig a function that reads the detokenizer's configuration
 * @param detokenizer a function that opens the detokenizer's tensors, which the caller must close
 */
record Lfm2Parts(
        ModelFiles files,
        Lfm2Config config,
        Tokenizer tokenizer,
        String weightFormat,
        Checkpoint backbone,
        Checkpoint frames,
        Loading<Checkpoint> audioEncoder,
        Loading<JsonFile> detokenizerConfig,
        Loading<Checkpoint> detokenizer) {
    /**
     * Opens the files in a folder.
     *
     * @param heads a file or folder of exit heads; if empty, the folder's {@code heads/} is used if it exists
     * @param resources the resources that take ownership of the files
     * @throws sparrow.formats.BadFileException if a file is missing, damaged or of another kind
     * @throws IOException if a file cannot be read
     */
    static Lfm2Parts open(Path folder, Optional<Path> heads, Resources resources) throws IOException {
        return VendorGguf.isIn(folder)
                ? VendorGguf.open(folder, heads, resources)
                : Lfm2Folder.open(folder, heads, resources);
    }
}
