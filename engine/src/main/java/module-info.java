/** The engine: weights and their formats, kernels, transformer, exit policies, sampling, decode loop, text tokenizers. */
module sparrow.engine {
    requires com.fasterxml.jackson.databind;
    requires jdk.incubator.vector;
    requires jdk.management;

    exports sparrow.engine.tensor;
    exports sparrow.engine.kernel;
    exports sparrow.engine.weights;
    exports sparrow.engine.text;
    exports sparrow.engine.transformer;
    exports sparrow.engine.device;
    exports sparrow.engine.interleave;
    exports sparrow.engine.exit;
    exports sparrow.engine.head;
    exports sparrow.engine.reply;
    exports sparrow.engine.decode;
    exports sparrow.engine.decode.speculate;

    uses sparrow.engine.device.DeviceProvider;
}
