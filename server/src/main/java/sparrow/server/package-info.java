/**
 * A server that people talk with: OpenAI's Chat Completions with audio and its Realtime protocol, a page with a microphone,
 * many conversations in one batched pass of the model.
 */
package sparrow.server;
