import { defineMessages } from '../messages/messages.ts';

export const uiMessages = defineMessages({
  en: {
    loading: 'Loading',
    request: 'Request',
    failed: 'That did not work',
    unreachable: 'The server does not answer',
    unreachableHint:
      'It may be stopped, or the network between may be down. Try again in a moment.',
    cancel: 'Cancel',
    save: 'Save',
    delete: 'Delete',
    close: 'Close',
    retry: 'Try again',
    noPreview: 'No preview',
    copy: 'Copy',
    copied: 'Copied',
    typeName: (name: string) => `Type “${name}” to confirm`,
  },
  'zh-CN': {
    loading: '正在加载',
    request: '请求',
    failed: '操作未成功',
    unreachable: '服务器没有响应',
    unreachableHint: '服务器可能已停止，或网络已断开。请稍后再试。',
    cancel: '取消',
    save: '保存',
    delete: '删除',
    close: '关闭',
    retry: '重试',
    noPreview: '没有预览',
    copy: '复制',
    copied: '已复制',
    typeName: (name) => `请输入“${name}”以确认`,
  },
});
