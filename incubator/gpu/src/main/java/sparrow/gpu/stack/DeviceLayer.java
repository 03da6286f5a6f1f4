package sparrow.gpu.stack;

import sparrow.engine.device.NoDeviceException;
import sparrow.engine.transformer.AttentionSpan;
import sparrow.engine.transformer.Layer;
import sparrow.engine.transformer.SelfAttention;
import sparrow.gpu.kernel.DeviceRows;

/**
 * The weights of a layer on a device.
 *
 * @param attentionNorm [1, width]
 * @param queryKeyValue projections to queries, keys and values, side by side
 * @param attentionOutput projection added to the residual stream
 * @param ffnNorm [1, width]
 * @param gateUp gate and up projections, side by side
 * @param down projection added to the residual stream
 */
record DeviceLayer(
        DeviceRows attentionNorm,
        DeviceLinear queryKeyValue,
        DeviceLinear attentionOutput,
        DeviceRows ffnNorm,
        DeviceLinear gateUp,
        DeviceLinear down) {
    /** Returns whether a product rounds its inputs. */
    boolean roundsInputs() {
        return queryKeyValue.roundsInputs()
                || attentionOutput.roundsInputs()
                || gateUp.roundsInputs()
                || down.roundsInputs();
    }

    /**
     * Uploads the weights of a layer.
     *
     * @throws NoDeviceException if devices do not support this kind of layer
     */
    static DeviceLayer of(DeviceWeights weights, Layer layer) {
        SelfAttention attention = attention(layer);
        return new DeviceLayer(
                weights.row(layer.mixerNorm()),
                weights.linear(attention.query(), attention.key(), attention.value()),
                weights.linear(attention.output()),
                weights.row(layer.ffnNorm()),
                weights.linear(layer.gate(), layer.up()),
                weights.linear(layer.down()));
    }

    private static SelfAttention attention(Layer layer) {
        if (layer.mixer() instanceof SelfAttention attention
                && attention.queryNorm() == null
                && attention.keyNorm() == null
                && attention.gate() == null
                && attention.span().equals(AttentionSpan.CAUSAL)
                && layer.postNorms() == null) return attention;
        throw new NoDeviceException(
                "the model has layers that devices do not support: expected attention without head norms. Use"
                        + " --device cpu");
    }
}
