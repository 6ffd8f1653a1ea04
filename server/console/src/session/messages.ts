import { defineMessages } from '../messages/messages.ts';

export const sessionMessages = defineMessages({
  en: {
    title: 'Sign in',
    lead: 'With an access key of this server. It is kept in this tab alone, and signs every request here, in your browser.',
    id: 'AccessKey ID',
    secret: 'AccessKey secret',
    idMissing: 'Enter the id of a key.',
    secretMissing: 'Enter its secret.',
    signIn: 'Sign in',
    signingIn: 'Signing in',
    hint: 'No key yet? The first start of the server printed one; “likeness keys create” makes more.',
  },
  'zh-CN': {
    title: '登录',
    lead: '使用本服务器的访问密钥登录。密钥只保存在当前标签页中，所有请求都在您的浏览器里签名。',
    id: 'AccessKey ID',
    secret: 'AccessKey Secret',
    idMissing: '请输入访问密钥的 ID。',
    secretMissing: '请输入密钥的 Secret。',
    signIn: '登录',
    signingIn: '正在登录',
    hint: '还没有密钥？服务器首次启动时会打印一个；也可以用 “likeness keys create” 创建。',
  },
});
