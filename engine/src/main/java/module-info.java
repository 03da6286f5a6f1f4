/** Early-exit decoding of interleaved spoken language models: transformer, exit policies, heads, decode loop. */
module sparrow.engine {
    requires transitive sparrow.tensor;
    requires transitive sparrow.formats;

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
