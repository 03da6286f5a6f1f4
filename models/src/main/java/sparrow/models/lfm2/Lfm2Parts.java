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
 * The parts of an LFM2.5-Audio folder, independent of its file format. Tensors have the names of the published
 * safetensors, or of the files that {@code convert} writes.
 *
 * @param files paths of the parts
 * @param config sizes
 * @param tokenizer text tokenizer
 * @param weightFormat format and types of the language model's matrices, for display
 * @param backbone tensors of the language model
 * @param frames tensors of the depth decoder and the embedding of codes
 * @param audioEncoder opens the tensors of the audio encoder
 * @param detokenizerConfig reads the configuration of the detokenizer
 * @param detokenizer opens the tensors of the detokenizer, which the caller must close
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
     * Opens the files of a folder.
     *
     * @param heads file or folder of exit heads; if empty, {@code heads/} of the folder if there is one
     * @param resources takes ownership of the files
     * @throws sparrow.formats.BadFileException if one is missing, broken or of another kind
     * @throws IOException if one cannot be read
     */
    static Lfm2Parts open(Path folder, Optional<Path> heads, Resources resources) throws IOException {
        return VendorGguf.isIn(folder)
                ? VendorGguf.open(folder, heads, resources)
                : Lfm2Folder.open(folder, heads, resources);
    }
}
