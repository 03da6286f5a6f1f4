/**
 * Networks that are published as ONNX files. {@link OnnxModel} runs a network. {@link OnnxVoiceMaker} creates voices
 * from recordings with the networks of Step-Audio-2's Token2wav, and is provided as a service. The module is optional
 * because ONNX Runtime is a native library. It does not depend on model families or data sets.
 */
package sparrow.onnx;
