export type { SampleScene } from './scene';
export { sampleScenes } from './scenes';
