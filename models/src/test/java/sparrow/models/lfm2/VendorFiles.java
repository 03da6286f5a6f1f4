package sparrow.models.lfm2;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sparrow.formats.JsonFile;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.GgufValue;
import sparrow.formats.weights.GgufWriter;
import sparrow.formats.weights.SafetensorsFolder;
import sparrow.formats.weights.TensorDescription;
import sparrow.models.gguf.Architecture;
import sparrow.models.gguf.ModelKeys;
import sparrow.models.gguf.Quantisation;
import sparrow.models.gguf.VocabularyKeys;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;

/** The four GGUF files of the maker, made of a golden checkpoint as the maker's converters make them. */
final class VendorFiles {
    private static final float BATCH_NORM_EPSILON = 1e-5f;

    private final LfmGolden golden;
    private final Path set;
    private final Path folder;
    private final DType matrices;

    /** The keys of each file, by the beginning of its name; they may be changed before it is written. */
    final Map<String, Map<String, GgufValue>> keys = new HashMap<>();

    /** The tensors of each file in the same way. */
    final Map<String, Map<String, Tensor>> tensors = new HashMap<>();

    /**
     * Files of a set.
     *
     * @param matrices type of those whose rows are whole blocks; others are f16
     */
    VendorFiles(String set, DType matrices, Path folder) throws IOException {
        this.golden = LfmGolden.of(set);
        this.set = LfmGolden.FOLDER.resolve(set);
        this.folder = folder;
        this.matrices = matrices;
        model();
        hearing();
        try (Checkpoint detokenizer = SafetensorsFolder.open(this.set.resolve(Lfm2Folder.DETOKENIZER))) {
            JsonFile json = JsonFile.read(this.set.resolve(Lfm2Folder.DETOKENIZER + "/config.json"));
            frames(detokenizer);
            speaking(json, detokenizer);
        }
    }

    private static Tensor copy(Tensor tensor, int... shape) {
        return Tensor.of(tensor.toFloats(), shape);
    }

    private static Tensor copy(Tensor tensor) {
        return copy(tensor, tensor.shape().stream().mapToInt(Integer::intValue).toArray());
    }

    /** Without axes of length 1. */
    private static Tensor squeezed(Tensor tensor) {
        return copy(
                tensor,
                tensor.shape().stream()
                        .filter(size -> size != 1)
                        .mapToInt(Integer::intValue)
                        .toArray());
    }

    private static Map<String, Tensor> renamed(Checkpoint from, Map<String, String> names) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        names.forEach((gguf, original) -> {
            Tensor tensor = from.tensor(original);
            tensors.put(gguf, original.endsWith("conv.conv.weight") ? squeezed(tensor) : copy(tensor));
        });
        return tensors;
    }

    private void model() {
        JsonFile json = golden.config.backbone();
        Map<String, GgufValue> all = new LinkedHashMap<>(ModelKeys.lfm2(
                golden.transformer.config(),
                golden.config.attends(),
                json.positive("conv_L_cache"),
                "tiny",
                Quantisation.F16));
        all.putAll(VocabularyKeys.of(
                Architecture.LFM2, golden.tokenizer, golden.transformer.config().vocabulary()));
        keys.put("", all);
        tensors.put("", renamed(golden.checkpoint, Lfm2Backbone.originalNames(golden.config)));
    }

    private void hearing() {
        JsonFile encoder = golden.config.json().section("encoder");
        int width = encoder.positive("d_model");
        Map<String, GgufValue> all = new LinkedHashMap<>();
        all.put("general.architecture", new GgufValue.Text("clip"));
        all.put("clip.projector_type", new GgufValue.Text("lfm2a"));
        all.put("clip.audio.num_mel_bins", new GgufValue.Whole(encoder.positive("feat_in")));
        all.put("clip.audio.embedding_length", new GgufValue.Whole(width));
        all.put("clip.audio.feed_forward_length", new GgufValue.Whole(width));
        all.put("clip.audio.block_count", new GgufValue.Whole(encoder.positive("n_layers")));
        all.put("clip.audio.attention.head_count", new GgufValue.Whole(encoder.positive("n_heads")));
        all.put("clip.audio.attention.layer_norm_epsilon", new GgufValue.Number(1e-5f));
        keys.put("mmproj-", all);
        Map<String, Tensor> part = new LinkedHashMap<>();
        Lfm2Names.audioEncoder(encoder.positive("n_layers")).forEach((gguf, original) -> {
            if (original.contains("folded_norm")) part.put(gguf, folded(original));
            else if (gguf.contains("conv_")) part.put(gguf, squeezed(golden.checkpoint.tensor(original)));
            else if (gguf.startsWith("a.conv1d") && gguf.endsWith("bias")) {
                Tensor bias = golden.checkpoint.tensor(original);
                part.put(gguf, copy(bias, (int) bias.elements(), 1, 1));
            } else part.put(gguf, copy(golden.checkpoint.tensor(original)));
        });
        part.put("a.position_embd.weight", copy(golden.checkpoint.tensor(Lfm2Family.CODE_EMBEDDING)));
        tensors.put("mmproj-", part);
    }

    /** weight / sqrt(variance + epsilon), or bias - mean * that. */
    private Tensor folded(String name) {
        String norm = name.substring(0, name.lastIndexOf("folded_norm")) + "batch_norm.";
        float[] weight = golden.checkpoint.tensor(norm + "weight").toFloats();
        float[] bias = golden.checkpoint.tensor(norm + "bias").toFloats();
        float[] mean = golden.checkpoint.tensor(norm + "running_mean").toFloats();
        float[] variance = golden.checkpoint.tensor(norm + "running_var").toFloats();
        for (int c = 0; c < weight.length; c++) {
            weight[c] = (float) (weight[c] / Math.sqrt((double) variance[c] + BATCH_NORM_EPSILON));
            bias[c] -= mean[c] * weight[c];
        }
        return Tensor.of(name.endsWith("weight") ? weight : bias, weight.length);
    }

    private void frames(Checkpoint detokenizer) {
        Lfm2Config config = golden.config;
        Map<String, GgufValue> all = new LinkedHashMap<>();
        all.put("general.architecture", new GgufValue.Text("this file holds what follows the backbone"));
        all.put("depthformer_n_layer", new GgufValue.Whole(config.depthLayers()));
        all.put("depthformer_n_embd", new GgufValue.Whole(config.depthWidth()));
        all.put("interleaved_n_text", new GgufValue.Whole(config.interleave().textTokens()));
        all.put("interleaved_n_audio", new GgufValue.Whole(config.interleave().speechTokens()));
        keys.put("vocoder-", all);
        Map<String, Tensor> part = new LinkedHashMap<>();
        for (String name : golden.checkpoint.names()) {
            if (name.startsWith("depth") || name.startsWith("audio_embedding.")) {
                part.put(name.replace("bounded_attention", "attention"), copy(golden.checkpoint.tensor(name)));
            }
        }
        for (String name : detokenizer.names()) part.put(name, copy(detokenizer.tensor(name)));
        tensors.put("vocoder-", part);
    }

    private void speaking(JsonFile json, Checkpoint detokenizer) {
        List<Boolean> attends = LayerKeys.attends(json, DetokenizerConfigs.ATTENTION);
        Map<String, GgufValue> all = new LinkedHashMap<>();
        all.put("general.architecture", new GgufValue.Text("lfm2"));
        whole(all, "block_count", attends.size());
        whole(all, "context_length", 128_000);
        whole(all, "embedding_length", json.positive("hidden_size"));
        whole(
                all,
                "feed_forward_length",
                detokenizer
                        .tensor("lfm.layers.0.feed_forward.w1.weight")
                        .shape()
                        .getFirst());
        whole(all, "attention.head_count", json.positive("num_attention_heads"));
        all.put(
                "lfm2.attention.head_count_kv",
                new GgufValue.Integers(attends.stream()
                        .map(attend -> attend ? json.positive("num_key_value_heads") : 0)
                        .toList()));
        all.put("lfm2.attention.layer_norm_rms_epsilon", new GgufValue.Number((float) json.number("norm_eps")));
        all.put("lfm2.rope.freq_base", new GgufValue.Number((float) LayerKeys.ropeBase(json)));
        whole(all, "shortconv.l_cache", json.positive("conv_L_cache"));
        whole(all, "attention.sliding_window", json.positive("sliding_window"));
        whole(all, "embedding_length_out", 1282);
        keys.put("tokenizer-", all);
        Map<String, String> names = new LinkedHashMap<>(Lfm2Names.layers(attends));
        names.put("dense_2.weight", "lin.weight");
        names.put("dense_2.bias", "lin.bias");
        tensors.put("tokenizer-", renamed(detokenizer, names));
    }

    private static void whole(Map<String, GgufValue> keys, String size, int value) {
        keys.put("lfm2." + size, new GgufValue.Whole(value));
    }

    /** Writes the four files under a name. */
    Path write(String name) throws IOException {
        for (String part : keys.keySet()) write(part, name);
        return folder;
    }

    private void write(String part, String name) throws IOException {
        List<TensorDescription> entries = new ArrayList<>();
        tensors.get(part)
                .forEach((tensor, values) ->
                        entries.add(new TensorDescription(tensor, type(tensor, values.shape()), values.shape())));
        GgufWriter.write(
                folder.resolve(part + name + ".gguf"),
                keys.get(part),
                entries,
                (entry, to) -> entry.write(tensors.get(part).get(entry.name()).toFloats(), to));
    }

    private DType type(String name, List<Integer> shape) {
        if (shape.size() < 2 || name.contains("shortconv.conv.") || name.contains("conv1d")) return DType.F32;
        if (name.contains("pos_bias") || name.contains("conv_dw")) return DType.F32;
        if (shape.getLast() % matrices.blockElements() == 0) return matrices;
        return DType.F16;
    }
}
